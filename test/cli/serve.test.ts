import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { soonMs } from "../support/soon-ms.ts";

const main = join(import.meta.dir, "../../src/main.ts");
const key = "canary-upstream-key-0123456789";
const settings = { OPENAI_API_KEY: key, BIG_MODEL_NAME: "big/one", SMALL_MODEL_NAME: "small/one" };

let home: string;
const running: Bun.Subprocess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "serve-"));
});

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.kill("SIGKILL");
    await program.exited;
  }
  rmSync(home, { recursive: true, force: true });
});

/** The real program as a process of its own, with an environment that has nothing of this machine's user. */
function start<Out extends "pipe" | number>(args: string[], env: Record<string, string>, stdout: Out) {
  const program = Bun.spawn([process.execPath, "--no-env-file", main, ...args], {
    cwd: home,
    env: { HOME: home, PATH: process.env["PATH"] ?? "", ...env },
    stdin: "ignore",
    stdout,
    stderr: "pipe",
  });
  running.push(program);
  return program;
}

/** Reads on in the background, so that the program never waits for its reader. */
function collect(stream: ReadableStream<Uint8Array>) {
  let text = "";
  const reader = stream.getReader();
  const ended = (async () => {
    const decoder = new TextDecoder();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      text += decoder.decode(read.value, { stream: true });
    }
    return text;
  })();
  return {
    ended,
    /** The text up to now, once it has the mark. */
    async waitFor(mark: RegExp): Promise<string> {
      for (let waited = 0; waited < 10_000 && !mark.test(text); waited += 5) {
        await Bun.sleep(5);
      }
      return text;
    },
  };
}

async function startServing(more: Record<string, string> = {}) {
  const program = start(["serve", "--port", "0"], { ...settings, ...more }, "pipe");
  const out = collect(program.stdout);
  const summary = await out.waitFor(/claude\n\n$/);
  return { program, out, url: /listens at (\S+)/.exec(summary)?.[1] ?? summary };
}

async function finish(program: ReturnType<typeof start<"pipe">>) {
  const [out, err, exitCode] = await Promise.all([
    program.stdout.text(),
    program.stderr.text(),
    program.exited,
  ]);
  return { out, err, exitCode };
}

test("serves until SIGTERM, prints no key, and logs one line and one record a request", async () => {
  const { program, out, url } = await startServing();
  const health = await fetch(`${url}/health`);
  expect(health.status).toBe(200);
  const missing = await fetch(`${url}/v1/nothing?key=${key}`);
  expect(missing.status).toBe(404);
  program.kill("SIGTERM");
  expect([await program.exited, await program.stderr.text()]).toEqual([0, ""]);
  const text = await out.ended;
  expect(text).toMatch(/^\d\d:\d\d:\d\d {2}GET \/v1\/nothing +404 +0\.\d s\n {10}not_found_error: /m);
  expect(text).not.toContain("/health");
  expect(text).not.toContain(key);

  const logFile = join(home, ".local/state/claude-proxy/claude-proxy.log");
  const log = readFileSync(logFile, "utf8");
  expect(log).not.toContain(key);
  expect(
    log
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line)),
  ).toContainEqual(expect.objectContaining({ event: "request", path: "/v1/nothing", status: 404 }));
  expect([statSync(logFile).mode & 0o777, statSync(join(logFile, "..")).mode & 0o777]).toEqual([
    0o600, 0o700,
  ]);
});

test("[row 72] whoever stops it while an answer is under way is told that it waits for that", async () => {
  const asked = Promise.withResolvers<void>();
  const answering = Promise.withResolvers<Response>();
  const upstream = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ method }) => {
      // Behind the first answer it is looked which models there are.
      if (method === "GET") return new Response(null, { status: 404 });
      asked.resolve();
      return answering.promise;
    },
  });
  const { program, url } = await startServing({ BASE_URL: `http://127.0.0.1:${upstream.port}/v1` });
  const answer = fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "big/one", max_tokens: 1, messages: [{ role: "user", content: "hello" }] }),
  });
  await asked.promise;
  program.kill("SIGTERM");
  const errors = collect(program.stderr);
  const words = "Stopping when the running requests have ended. Interrupt again to stop at once.\n";
  expect(await errors.waitFor(/\n/)).toBe(words);
  answering.resolve(
    Response.json({ choices: [{ message: { role: "assistant", content: "hello" }, finish_reason: "stop" }] }),
  );
  expect((await answer).status).toBe(200);
  expect([await program.exited, await errors.ended]).toEqual([0, words]);
  await upstream.stop(true);
});

test.each([true, false])(
  "[row 72] [turn 100] what a second signal cuts off has its line and its record, streamed: %p",
  async (stream) => {
    const asked = Promise.withResolvers<void>();
    const upstream = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => {
        asked.resolve();
        return new Promise<Response>(() => {});
      },
    });
    const { program, url, out } = await startServing({ BASE_URL: `http://127.0.0.1:${upstream.port}/v1` });
    const body = {
      model: "big/one",
      max_tokens: 1,
      stream,
      messages: [{ role: "user", content: "hello" }],
    };
    const answer = fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => null);
    await asked.promise;
    program.kill("SIGINT");
    await collect(program.stderr).waitFor(/\n/);
    const interruptedAtMs = performance.now();
    program.kill("SIGINT");
    expect(await program.exited).toBe(0);
    expect(performance.now() - interruptedAtMs).toBeLessThan(soonMs);
    await answer;
    expect(await out.ended).toMatch(/^\d\d:\d\d:\d\d {2}big\/one +499 /m);
    const log = readFileSync(join(home, ".local/state/claude-proxy/claude-proxy.log"), "utf8");
    const records: unknown[] = log
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records).toEqual([
      expect.objectContaining({ event: "request", path: "/v1/messages", status: 499, phase: "client" }),
    ]);
    using record = new Database(join(home, ".local/state/claude-proxy/record.sqlite"), { readonly: true });
    expect(record.query("select path, status, phase from requests").all()).toEqual([
      { path: "/v1/messages", status: 499, phase: "client" },
    ]);
    await upstream.stop(true);
  },
);

test("[row 72] whoever is told that it serves may stop it at once", async () => {
  // A terminal that sends the signal while it is being told: outside, it would come so soon only now and then.
  const script = `
    const { runProgram } = await import(${JSON.stringify(join(import.meta.dir, "../../src/cli/run-program.ts"))});
    const stdout = (text) => { if (text.includes("listens at")) process.kill(process.pid, "SIGTERM"); };
    const terminal = { stdout, stderr: (text) => process.stderr.write(text), useColor: false, columns: 80 };
    process.exit(await runProgram(["serve", "--port", "0"], terminal));`;
  const program = Bun.spawn([process.execPath, "--no-env-file", "-e", script], {
    cwd: home,
    env: { HOME: home, PATH: process.env["PATH"] ?? "", ...settings },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  running.push(program);
  const result = await finish(program);
  expect({ ...result, signal: program.signalCode }).toEqual({
    out: "",
    err: "",
    exitCode: 0,
    signal: null,
  });
});

describe("what stops the start is plain lines without a stack", () => {
  test("missing settings: exit code 2", async () => {
    expect(await finish(start(["serve"], {}, "pipe"))).toEqual({
      out: "",
      err: `OPENAI_API_KEY is not set, but openrouter.ai needs a key. Example: OPENAI_API_KEY=sk-or-v1-…
BIG_MODEL_NAME is not set. Example: BIG_MODEL_NAME=z-ai/glm-4.6
SMALL_MODEL_NAME is not set. Example: SMALL_MODEL_NAME=openai/gpt-5-mini
Settings are read from flags (see: claude-proxy serve --help), the environment, and ${home}/.config/claude-proxy/.env (does not exist yet)
To be asked for all of it, with models to choose from: claude-proxy init
To try it first without a key: claude-proxy demo
`,
      exitCode: 2,
    });
  });

  test("too few requests for Bun to send: exit code 2", async () => {
    const few = { ...settings, BUN_CONFIG_MAX_HTTP_REQUESTS: "16" };
    expect(await finish(start(["serve", "--port", "0"], few, "pipe"))).toEqual({
      out: "",
      err: `BUN_CONFIG_MAX_HTTP_REQUESTS is 16, which is too small: 16 of them are reserved.
Set it to 32 or more, or unset it.
`,
      exitCode: 2,
    });
  });

  test("[row 78] a port in use: exit code 1", async () => {
    // Another proxy, and not any server: two servers that both ask to share a port would share it.
    const other = await startServing();
    const port = Number(new URL(other.url).port);
    const result = await finish(start(["serve", "--port", String(port)], settings, "pipe"));
    expect(result).toEqual({
      out: "",
      err: `Port ${port} is taken by a claude-proxy (development) that is already running. Use that one, stop it, or use another port: --port ${port + 1} (0 picks a free one).\n`,
      exitCode: 1,
    });
  });

  test.each([
    ["answers otherwise", () => Response.json({ name: "claude" })],
    ["never answers", () => new Promise<Response>(() => {})],
  ])("[turn 76] a port in use by a program that %s", async (_how, fetch) => {
    await using other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch });
    const result = await finish(start(["serve", "--port", String(other.port)], settings, "pipe"));
    expect(result).toEqual({
      out: "",
      err: `Port ${other.port} is taken by another program, not by a claude-proxy. Stop it, or use another port: --port ${Number(other.port) + 1} (0 picks a free one).\n`,
      exitCode: 1,
    });
    await other.stop(true);
  });

  test.each([
    ["no-such-host.invalid", "No address is known for the host no-such-host.invalid."],
    ["256.1.1.1", "No address is known for the host 256.1.1.1."],
    ["203.0.113.7", "This machine has no address 203.0.113.7."],
  ])("[row 78] the host %s, which this machine is not: exit code 1, and soon", async (host, line) => {
    const shared = { ...settings, PROXY_API_KEY: "client-key-0123456789abcdef0123456789" };
    const startedAtMs = performance.now();
    const result = await finish(start(["serve", "--host", host], shared, "pipe"));
    expect(result).toEqual({ out: "", err: `${line} Use --host 127.0.0.1.\n`, exitCode: 1 });
    expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
  });
});

test("[row 82] a reader that goes away does not stop it, and is not worth a word", async () => {
  const pipe = join(home, "pipe");
  Bun.spawnSync(["mkfifo", pipe]);
  const readEnd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(pipe, "w");
  const program = start(["serve", "--port", "0"], settings, writeEnd);
  closeSync(writeEnd);
  await Bun.sleep(50);
  const bytes = Buffer.alloc(4096);
  let url: string | undefined;
  for (let tries = 0; tries < 2000 && url === undefined; tries += 1) {
    await Bun.sleep(5);
    try {
      url = /listens at (\S+)/.exec(bytes.toString("utf8", 0, readSync(readEnd, bytes)))?.[1];
    } catch (error) {
      // Nothing to read yet.
      expect(error).toMatchObject({ code: "EAGAIN" });
    }
  }
  closeSync(readEnd);
  for (let round = 0; round < 3; round += 1) {
    expect((await fetch(`${url}/v1/nothing`)).status).toBe(404);
  }
  program.kill("SIGTERM");
  expect([await program.exited, await program.stderr.text()]).toEqual([0, ""]);
});

describe("[turn 83] [turn 84] what is wrong with the log is said at the start", () => {
  test.each([
    ["a folder", () => join(home, "folder"), (path: string) => `${path} is a folder`],
    ["a device", () => "/dev/full", (path: string) => `${path} is not a regular file`],
    [
      "a file below a file",
      () => join(home, "file", "x.log"),
      (path: string) => `ENOTDIR: not a directory, lstat '${path}'`,
    ],
  ])("%s", async (_what, locate, reason) => {
    writeFileSync(join(home, "file"), "");
    mkdirSync(join(home, "folder"));
    // What lies where nothing of the program's was meant to be is another's.
    writeFileSync(join(home, "token-calibration.json"), "of another program");
    const path = locate();
    const program = start(["serve", "--port", "0", "--log-file", path], settings, "pipe");
    const summary = await collect(program.stdout).waitFor(/claude\n\n$/);
    expect(summary).toContain(
      `\n\nWarning: The log file cannot be written (${reason(path)}). Requests are served, but their records are not kept. Set LOG_FILE_PATH to a file that this user can write.\n\n`,
    );
    expect(summary).not.toContain("token-calibration.json");
  });

  test("a good one is there before the first request, and nothing is said", async () => {
    const { url } = await startServing();
    expect(url).toStartWith("http://127.0.0.1:");
    const { mode, size } = statSync(join(home, ".local/state/claude-proxy/claude-proxy.log"));
    expect([mode & 0o777, size]).toEqual([0o600, 0]);
  });

  test("LOG_LEVEL=DEBUG", async () => {
    const program = start(["serve", "--port", "0", "--log-level", "DEBUG"], settings, "pipe");
    expect(await collect(program.stdout).waitFor(/claude\n\n$/)).toContain(
      `\n\nWarning: LOG_LEVEL is DEBUG: whole prompts and answers, including your code, are written to ${home}/.local/state/claude-proxy/claude-proxy.log\n\n`,
    );
  });
});
