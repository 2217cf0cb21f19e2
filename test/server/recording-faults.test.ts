import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readRows, until } from "../record/recorded.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { mountDisk, nameWithDisk, whyNoDisk } from "../support/small-disk.ts";
import { hello } from "../support/start-pair.ts";
import { type ProgramOptions, type RunningProgram, startProgram } from "../support/start-program.ts";
import { isObject, objectOf } from "../support/strict/json.ts";
import { startUpstream } from "../support/upstream.ts";

/** The program with a record of its own, and an upstream that always answers. */
async function startRecording(settings: Record<string, string> = {}, options: ProgramOptions = {}) {
  const upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "right" })));
  const program = await startProgram(upstream.baseUrl, { RECORD_BODIES: "all", ...settings }, options);
  const path = join(program.home, ".local/state/claude-proxy/record.sqlite");
  let answered = 0;
  return {
    program,
    path,
    /** Asks so often, and sees that each answer is right. */
    async ask(count: number): Promise<void> {
      for (let number = 0; number < count; number += 1) {
        const response = await fetch(`${program.url}/v1/messages`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(hello),
        });
        expect([response.status, JSON.stringify(await response.json()).includes("right")]).toEqual([
          200,
          true,
        ]);
        answered += 1;
      }
    },
    answered: () => answered,
    /** Waits until so many requests are in the file. */
    recorded: (count: number) => until(() => existsSync(path) && countRequests(path) >= count, 10_000),
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await upstream.stop();
    },
  };
}

/** A home that outlives its programs. */
function createHome() {
  const path = mkdtempSync(join(tmpdir(), "claude-proxy-recording-"));
  return {
    path,
    stateFolder: join(path, ".local/state/claude-proxy"),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

function countRequests(path: string): number {
  const isMade = readRows(path, "select 1 from sqlite_master where name = 'requests'").length > 0;
  return isMade ? Number(readRows(path, "select count(*) n from requests")[0]?.["n"]) : 0;
}

async function readJson(url: string): Promise<Record<string, unknown>> {
  const answer: unknown = await (await fetch(url)).json();
  return isObject(answer) ? answer : {};
}

const faultOfStatus = async ({ url }: RunningProgram) =>
  objectOf((await readJson(`${url}/status`))["record"])["fault"] ?? null;

/** Asks until the fault is told, and sees that it is told everywhere, once on the console and once in the log. */
async function expectTold(
  { program, ask }: Awaited<ReturnType<typeof startRecording>>,
  fault: RegExp,
): Promise<void> {
  for (const endMs = performance.now() + 10_000; (await faultOfStatus(program)) === null; ) {
    if (performance.now() > endMs) throw new Error("no fault is told");
    await ask(1);
    await Bun.sleep(20);
  }
  await ask(5);
  expect(await faultOfStatus(program)).toMatch(fault);
  const now = await readJson(`${program.url}/dashboard/api/now`);
  expect(objectOf(now["record"])["fault"]).toMatch(fault);
  const said = "cannot be recorded for now";
  expect(program.output().split(said).length - 1).toBe(1);
  expect(readFileSync(program.logFile, "utf8").split(said).length - 1).toBe(1);
}

const lockScript = (path: string) => `
  const { Database } = require("bun:sqlite");
  const database = new Database(${JSON.stringify(path)});
  database.run("pragma busy_timeout = 5000");
  database.run("begin exclusive");
  console.log("locked");
  process.stdin.once("data", () => process.exit());`;

test("a locked record is told, and has every request once it is free", async () => {
  await using recording = await startRecording();
  const { program, path, ask, recorded, answered } = recording;
  await ask(3);
  await recorded(3);
  const locking = Bun.spawn([process.execPath, "-e", lockScript(path)], { stdin: "pipe", stdout: "pipe" });
  try {
    await locking.stdout.getReader().read();
    await expectTold(recording, /^Another program holds .+record\.sqlite locked\. Close what has it open\.$/);
  } finally {
    locking.kill("SIGKILL");
    await locking.exited;
  }
  await recorded(answered());
  expect(countRequests(path)).toBe(answered());
  expect(await faultOfStatus(program)).toBe(null);
}, 60_000);

const testWithDisk = test.skipIf(whyNoDisk !== null);

testWithDisk(
  nameWithDisk("a disk that becomes full is told, and nothing is lost when it has room"),
  async () => {
    using home = createHome();
    using disk = mountDisk(home.stateFolder, "size=1m");
    const filler = join(home.stateFolder, "filler");
    writeFileSync(filler, Buffer.alloc(800_000));
    await using recording = await startRecording({}, { home: home.path });
    const { program, path, recorded, answered } = recording;
    await expectTold(
      recording,
      /^The disk with .+record\.sqlite is full\. Free some space, or lower RECORD_MB\.$/,
    );
    rmSync(filler);
    disk.change("size=20m");
    await recorded(answered());
    expect(countRequests(path)).toBe(answered());
    expect(await faultOfStatus(program)).toBe(null);
    expect(readRows(path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
  },
  60_000,
);

/** Closes the folder to writing; root may write wherever the disk allows it. */
function closeFolder(folder: string): { open(): void; [Symbol.dispose](): void } {
  if (process.geteuid?.() === 0) {
    const disk = mountDisk(folder, "size=20m,ro");
    return { open: () => disk.change("rw"), [Symbol.dispose]: () => disk[Symbol.dispose]() };
  }
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o500);
  const open = () => chmodSync(folder, 0o700);
  return { open, [Symbol.dispose]: open };
}

const cannotClose =
  process.platform === "win32" || (process.geteuid?.() === 0 && whyNoDisk !== null)
    ? "here no folder can be closed to this user"
    : null;

test.skipIf(cannotClose !== null)(
  `a state folder that is only for reading is told, and nothing is lost when it can be written${cannotClose === null ? "" : ` (skipped: ${cannotClose})`}`,
  async () => {
    using home = createHome();
    using closed = closeFolder(home.stateFolder);
    await using recording = await startRecording({}, { home: home.path });
    const { program, path, recorded, answered } = recording;
    await expectTold(recording, /record\.sqlite cannot be (?:written|opened) \(\w+\)\. .+RECORD=off\.$/);
    closed.open();
    await recorded(answered());
    expect(countRequests(path)).toBe(answered());
    expect(await faultOfStatus(program)).toBe(null);
  },
  60_000,
);

test("what is older than RECORD_DAYS goes, and traffic goes on meanwhile", async () => {
  using home = createHome();
  await using earlier = await startRecording({}, { home: home.path });
  await earlier.ask(20);
  await earlier.recorded(20);
  await earlier.program[Symbol.asyncDispose]();
  const database = new Database(earlier.path);
  database.run(`update requests set time = time - 3 * 24 * 3600 * 1000 where seq <= 15`);
  database.close(true);
  await using later = await startRecording({ RECORD_DAYS: "2" }, { home: home.path });
  const { path, ask } = later;
  for (const endMs = performance.now() + 30_000; performance.now() < endMs; await Bun.sleep(200)) {
    await ask(1);
    if (readRows(path, "select 1 from requests where seq <= 15").length === 0) break;
  }
  expect(readRows(path, "select min(seq) seq from requests")).toEqual([{ seq: 16 }]);
  expect(readRows(path, "select min(seq) seq from bodies")).toEqual([{ seq: 16 }]);
  await later.recorded(5 + later.answered());
  expect(countRequests(path)).toBe(5 + later.answered());
}, 60_000);

test("a state folder that is no folder is told, and nothing is lost when it is one", async () => {
  await using recording = await startRecording();
  const { path, ask, recorded, answered } = recording;
  const folder = dirname(path);
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(folder, "no folder");
  await expectTold(
    recording,
    /record\.sqlite cannot be opened \(\w+\)\. Look at its folder, or set RECORD=off\.$/,
  );
  rmSync(folder);
  await recorded(answered());
  await ask(1);
  await recorded(answered());
}, 60_000);

test.each(["moved", "deleted"])(
  "a record that is %s while it is open is made anew",
  async (what) => {
    await using recording = await startRecording();
    const { program, path, ask, recorded } = recording;
    await ask(3);
    await recorded(3);
    if (what === "moved") renameSync(path, `${path}.moved`);
    else for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    for (const endMs = performance.now() + 10_000; !existsSync(path) && performance.now() < endMs; ) {
      await ask(1);
      await Bun.sleep(50);
    }
    await ask(3);
    await recorded(3);
    expect(await faultOfStatus(program)).toBe(null);
  },
  60_000,
);

test.each(["a broken page", "a newer form"])(
  "a record with %s is set aside under traffic, and said",
  async (what) => {
    await using recording = await startRecording();
    const { program, path, ask, recorded } = recording;
    await ask(60);
    await recorded(60);
    const database = new Database(path);
    if (what === "a newer form") database.run("pragma user_version = 99");
    database.run("pragma wal_checkpoint(truncate)");
    database.close(true);
    if (what === "a broken page") {
      const bytes = readFileSync(path);
      // Every page behind the first, so that whichever is asked for next is broken.
      bytes.fill(0xff, 4096);
      writeFileSync(path, bytes);
    }
    // A running program has its own view of the file; another one meets what is in it.
    await using next = await startProgram("http://127.0.0.1:9/v1", {
      XDG_STATE_HOME: join(program.home, ".local/state"),
    });
    const isAside = () => readdirSync(dirname(path)).some((name) => /\.(?:corrupt|newer)-/.test(name));
    for (const endMs = performance.now() + 10_000; !isAside() && performance.now() < endMs; ) {
      await ask(1);
      await fetch(`${next.url}/v1/messages`, { method: "POST", body: JSON.stringify(hello) });
      await Bun.sleep(50);
    }
    expect(isAside()).toBe(true);
    await ask(3);
    await recorded(1);
    expect(program.output() + next.output()).toMatch(
      /is damaged; it is now|was written by a newer version; it is now/,
    );
    expect(statSync(path).size).toBeGreaterThan(0);
  },
  60_000,
);

test("two proxies write one record under load, and lose nothing", async () => {
  await using one = await startRecording();
  const upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "right" })));
  try {
    await using other = await startProgram(upstream.baseUrl, {
      XDG_STATE_HOME: join(one.program.home, ".local/state"),
    });
    const askOther = async () => {
      for (let count = 0; count < 100; count += 1) {
        const body = JSON.stringify(hello);
        const headers = { "content-type": "application/json" };
        await (await fetch(`${other.url}/v1/messages`, { method: "POST", headers, body })).text();
      }
    };
    await Promise.all([one.ask(100), askOther()]);
    await one.recorded(200);
    expect(countRequests(one.path)).toBe(200);
    expect(readRows(one.path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
  } finally {
    await upstream.stop();
  }
}, 60_000);
