import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mountDisk, nameWithDisk, whyNoDisk } from "../support/small-disk.ts";
import { createBody, createRecorded, readRows, startRecorder, until } from "./recorded.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-proxy-faults-"));
  path = join(folder, "state", "record.sqlite");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const times = { retryMs: 20, sayMs: 60_000 };
const isRoot = process.geteuid?.() === 0;

/** Writes one request with this id, by a recorder of its own. @returns what it warned of */
async function writeOne(requestId: string): Promise<string[]> {
  await using record = startRecorder({ path, times });
  record.recorder.add(createRecorded({ requestId }), []);
  await record.written();
  expect(record.recorder.state).toEqual({ path, backlog: 0, lost: 0, fault: null, shared: null });
  return record.warnings;
}

const idsOf = (file: string) => readRows(file, "select id from requests order by seq").map(({ id }) => id);

/** The file that was set aside, named after its reason. */
function findAside(reason: string): string {
  const [name = "none"] = readdirSync(join(folder, "state")).filter((entry) =>
    new RegExp(`^record\\.sqlite\\.${reason}-[-0-9T]+$`).test(entry),
  );
  return join(folder, "state", name);
}

test("the file and its folder are their owner's alone", async () => {
  await using record = startRecorder({ path });
  record.recorder.add(createRecorded(), []);
  await record.written();
  const modes = ["", "/record.sqlite", "/record.sqlite-wal", "/record.sqlite-shm"].map(
    (name) => statSync(join(folder, "state") + name).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
});

test("a file that was open to others is closed to them", async () => {
  await writeOne("req_1");
  chmodSync(path, 0o644);
  await writeOne("req_2");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(idsOf(path)).toEqual(["req_1", "req_2"]);
});

test("a file that is no database is set aside with all it has, said, and a new one begun", async () => {
  mkdirSync(join(folder, "state"));
  writeFileSync(path, "no database ".repeat(500));
  const warnings = await writeOne("req_1");
  const aside = findAside("corrupt");
  expect(warnings).toEqual([
    `The record ${path} is damaged; it is now ${aside}, and a new one is begun. | SQLiteError: file is not a database`,
  ]);
  expect(readFileSync(aside, "utf8")).toBe("no database ".repeat(500));
  expect(idsOf(path)).toEqual(["req_1"]);
});

test("a file whose pages are broken is set aside when that shows", async () => {
  await using record = startRecorder({ path, times });
  for (let count = 0; count < 2000; count += 1) record.recorder.add(createRecorded({ sessionId: "s" }), []);
  await record.recorder.close();
  const bytes = readFileSync(path);
  for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0xff, at, at + 100);
  writeFileSync(path, bytes);
  const warnings = await writeOne("req_1");
  expect(warnings).toEqual([expect.stringContaining("is damaged")]);
  expect(readFileSync(findAside("corrupt")).length).toBe(bytes.length);
  expect(idsOf(path)).toEqual(["req_1"]);
});

test("a file of a newer version is set aside, and can still be read there", async () => {
  await writeOne("req_1");
  const database = new Database(path);
  database.run("pragma user_version = 99");
  database.close(true);
  const warnings = await writeOne("req_2");
  const aside = findAside("newer");
  expect(warnings).toEqual([
    `The record ${path} was written by a newer version; it is now ${aside}, and a new one is begun. | Error: its form is 99, and this program knows 1`,
  ]);
  expect([idsOf(aside), idsOf(path)]).toEqual([["req_1"], ["req_2"]]);
});

test("two files that are set aside at the same time do not replace each other", async () => {
  mkdirSync(join(folder, "state"));
  for (const text of ["first", "second"]) {
    writeFileSync(path, text.repeat(1000));
    await writeOne("req_1");
  }
  const names = readdirSync(join(folder, "state")).filter((name) => name.includes("corrupt"));
  expect(names).toHaveLength(2);
});

/** Adds a request while nothing can be written, and again when it can: both must be in the file. */
async function expectKept(fault: RegExp, begin: () => void, end: () => void): Promise<void> {
  begin();
  await using record = startRecorder({ path, times });
  record.recorder.add(createRecorded({ requestId: "req_1" }), []);
  await until(() => record.recorder.state.fault !== null);
  expect(record.recorder.state.fault).toMatch(fault);
  record.recorder.add(createRecorded({ requestId: "req_2" }), []);
  expect(record.recorder.state).toMatchObject({ backlog: 2, lost: 0 });
  expect(record.warnings).toEqual([
    `Requests cannot be recorded for now; they are answered, and recording is tried again. | ${record.recorder.state.fault}`,
  ]);
  end();
  await record.written();
  expect(idsOf(path)).toEqual(["req_1", "req_2"]);
  expect(record.recorder.state).toEqual({ path, backlog: 0, lost: 0, fault: null, shared: null });
}

test("what another process locks out is kept, and written when the lock is gone", async () => {
  await writeOne("req_0");
  const locking = Bun.spawn(
    [
      process.execPath,
      "-e",
      `const { Database } = require("bun:sqlite");
       const database = new Database(${JSON.stringify(path)});
       database.run("delete from requests");
       database.run("begin exclusive");
       console.log("locked");
       process.stdin.once("data", () => process.exit());`,
    ],
    { stdin: "pipe", stdout: "pipe" },
  );
  await locking.stdout.getReader().read();
  await expectKept(
    /^Another program holds .+ locked\. Close what has it open\.$/,
    () => {},
    () => locking.kill("SIGKILL"),
  );
});

test("a place where no folder can be is named, and tried again", async () => {
  await expectKept(
    /record\.sqlite cannot be opened \((?:ENOTDIR|EEXIST)\)\. Look at its folder, or set RECORD=off\.$/,
    () => writeFileSync(join(folder, "state"), ""),
    () => rmSync(join(folder, "state")),
  );
});

test.skipIf(isRoot)(
  "a folder that cannot be written is named, and tried again (not as root, who may write it)",
  async () => {
    await expectKept(
      /record\.sqlite cannot be written \(EACCES\)\. Make its folder this user's, or set RECORD=off\.$/,
      () => mkdirSync(join(folder, "state"), { mode: 0o500 }),
      () => chmodSync(join(folder, "state"), 0o700),
    );
  },
);

const testWithDisk = test.skipIf(whyNoDisk !== null);

testWithDisk(
  nameWithDisk("a disk that becomes full loses nothing of what is bounded, and names itself"),
  async () => {
    using disk = mountDisk(join(folder, "state"), "size=400k");
    const filler = join(folder, "state", "filler");
    writeFileSync(filler, Buffer.alloc(200_000));
    await using record = startRecorder({ path, times });
    const noise = () => createBody("client-request", [crypto.getRandomValues(new Uint8Array(20_000))]);
    for (let count = 0; count < 8; count += 1) {
      record.recorder.add(createRecorded({ requestId: `req_${count}` }), [noise()]);
    }
    await until(() => record.recorder.state.fault !== null);
    expect(record.recorder.state.fault).toBe(
      `The disk with ${path} is full. Free some space, or lower RECORD_MB.`,
    );
    rmSync(filler);
    disk.change("size=20m");
    await record.written();
    expect(idsOf(path)).toHaveLength(8);
    expect(readRows(path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
  },
);

testWithDisk(nameWithDisk("a disk that is only for reading is named"), async () => {
  await writeOne("req_0");
  renameSync(join(folder, "state"), join(folder, "was"));
  using disk = mountDisk(join(folder, "state"), "size=1m");
  writeFileSync(path, readFileSync(join(folder, "was/record.sqlite")));
  disk.change("ro");
  await using record = startRecorder({ path, times });
  record.recorder.add(createRecorded(), []);
  await until(() => record.recorder.state.fault !== null);
  expect(record.recorder.state.fault).toMatch(
    /record\.sqlite cannot be (?:written|opened) \(\w+\)\. .+RECORD=off\.$/,
  );
});

test("a clock that is set back costs no request, and the oldest by their own time go first", async () => {
  const startMs = Date.now();
  await using record = startRecorder({
    path,
    times: { ...times, firstPruneMs: 50, pruneEveryMs: 50 },
    keepDays: 1,
  });
  const add = (requestId: string, hours: number) =>
    record.recorder.add(createRecorded({ requestId, timeMs: startMs + hours * 3_600_000 }), []);
  add("req_ahead", 48);
  add("req_back", 0);
  add("req_far_back", -20);
  add("req_too_old", -25);
  await until(() => record.recorder.state.backlog === 0 && !idsOf(path).includes("req_too_old"));
  expect(idsOf(path)).toEqual(["req_ahead", "req_back", "req_far_back"]);
  expect(record.recorder.state).toEqual({ path, backlog: 0, lost: 0, fault: null, shared: null });
  expect(record.warnings).toEqual([]);
});

test("a link is not followed to a foreign file", async () => {
  const foreign = join(folder, "foreign");
  mkdirSync(join(folder, "state"));
  writeFileSync(foreign, "");
  symlinkSync(foreign, path);
  await using record = startRecorder({ path, times });
  record.recorder.add(createRecorded(), []);
  await until(() => record.recorder.state.fault !== null);
  expect(record.recorder.state.fault).toContain(`${path} is not a regular file`);
  expect(readFileSync(foreign, "utf8")).toBe("");
});

test("a file that is taken away while it is open is made anew", async () => {
  await using record = startRecorder({ path, times });
  record.recorder.add(createRecorded({ requestId: "req_1" }), []);
  await record.written();
  renameSync(path, `${path}.moved`);
  for (let count = 2; !(await Bun.file(path).exists()); count += 1) {
    record.recorder.add(createRecorded({ requestId: `req_${count}` }), []);
    await record.written();
    await Bun.sleep(50);
  }
  expect(record.recorder.state).toEqual({ path, backlog: 0, lost: 0, fault: null, shared: null });
  expect(idsOf(path).length).toBeGreaterThan(0);
});

test("a file that is cut while nobody looks is not reason enough to lose what comes", async () => {
  await writeOne("req_1");
  truncateSync(path, 4096);
  await writeOne("req_2");
  expect(idsOf(path)).toEqual(["req_2"]);
});

test("two recorders write one file, beginning at once", async () => {
  await using one = startRecorder({ path, times });
  await using other = startRecorder({ path, times });
  for (let count = 0; count < 500; count += 1) {
    for (const { recorder } of [one, other]) recorder.add(createRecorded(), []);
    if (count % 50 === 0) await Bun.sleep(1);
  }
  await Promise.all([one.written(), other.written()]);
  expect(readRows(path, "select count(*) n from requests")).toEqual([{ n: 1000 }]);
  expect([...one.warnings, ...other.warnings]).toEqual([]);
});

test("what is too much to wait loses its messages first, then requests, and that is said once", async () => {
  writeFileSync(join(folder, "state"), "");
  await using record = startRecorder({ path, times: { ...times, closeMs: 10 } });
  const large = Buffer.alloc(1_000_000, "x");
  for (let count = 0; count < 70; count += 1) {
    record.recorder.add(createRecorded(), [createBody("client-request", [large])]);
  }
  expect(record.recorder.state).toMatchObject({ backlog: 70, lost: 6 });
  for (let count = 0; count < 10_000; count += 1) record.recorder.add(createRecorded(), []);
  expect(record.recorder.state).toMatchObject({ backlog: 10_000, lost: 76 });
  expect(record.warnings).toEqual([
    "The messages of 1 request were not recorded. | They came faster than they can be written.",
  ]);
});

test("losses are said again when the time is over, with their number", async () => {
  writeFileSync(join(folder, "state"), "");
  await using record = startRecorder({ path, times: { ...times, sayMs: 200, closeMs: 10 } });
  record.recorder.add(createRecorded(), []);
  await until(() => record.recorder.state.fault !== null);
  for (let count = 0; count < 10_005; count += 1) record.recorder.add(createRecorded(), []);
  await until(() => record.warnings.length === 2);
  expect(record.warnings[1]).toBe(`6 requests were not recorded. | ${record.recorder.state.fault}`);
});
