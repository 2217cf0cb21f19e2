import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readRows, until } from "../record/recorded.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { isObject, objectOf } from "../support/strict/json.ts";
import { startUpstream } from "../support/upstream.ts";

/** The program with a record of its own, and an upstream that always answers. */
async function startRecording() {
  const upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "right" })));
  const program = await startProgram(upstream.baseUrl, { RECORD_BODIES: "all" });
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
