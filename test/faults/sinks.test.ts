import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completionOf } from "../support/chunks.ts";
import { findFreePort } from "../support/find-free-port.ts";
import { json } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { startUpstream } from "../support/upstream.ts";

const main = join(import.meta.dir, "../../src/main.ts");

/** An upstream, and an empty home for a program whose outputs go where the test says. */
async function openStage() {
  const home = mkdtempSync(join(tmpdir(), "claude-proxy-sinks-"));
  const upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "on" })));
  const url = `http://127.0.0.1:${await findFreePort()}`;
  const logFile = join(home, "proxy.log");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    PORT: new URL(url).port,
    BASE_URL: upstream.baseUrl,
    OPENAI_API_KEY: "sk-upstream-key",
    BIG_MODEL_NAME: "big-model",
    SMALL_MODEL_NAME: "small-model",
    LOG_FILE_PATH: logFile,
  };
  const ask = () =>
    fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(hello),
      keepalive: false,
    });
  return {
    env,
    home,
    logFile,
    async isUp() {
      for (let tries = 0; tries < 500; tries += 1) {
        const health = await fetch(`${url}/health`).catch(() => null);
        if (health?.status === 200) return true;
        await Bun.sleep(10);
      }
      return false;
    },
    async askTimes(times: number) {
      for (let asked = 0; asked < times; asked += 1) expect((await ask()).status).toBe(200);
    },
    /** Begins a request that is answered after half a second; of a stop that waits for it, standard error is told. */
    async askSlowly(): Promise<{ status: Promise<number> }> {
      upstream.respondWith(() => json(completionOf({ text: "on" }), { headDelayMs: 500 }));
      const before = upstream.requests.length;
      const status = ask().then((response) => response.status);
      while (upstream.requests.length === before) await Bun.sleep(5);
      return { status };
    },
    /** What the records say of its answers to messages, and of the console at the end. */
    readLog() {
      const lines = (existsSync(logFile) ? readFileSync(logFile, "utf8") : "").trimEnd().split("\n");
      const records = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
      return {
        answers: records.filter(({ path }) => path === "/v1/messages").length,
        losses: records.filter(({ event }) => event === "the console could not be written"),
      };
    },
    async [Symbol.asyncDispose]() {
      await upstream.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const spawnServe = (redirections: string, { env, home }: { env: Record<string, string>; home: string }) =>
  Bun.spawn(
    [
      "sh",
      "-c",
      `exec "$@" ${redirections}`,
      "sh",
      process.execPath,
      "--no-env-file",
      main,
      "serve",
      "--host",
      "127.0.0.1",
    ],
    { cwd: home, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );

const loss = { level: "warning", lostTexts: expect.any(Number) };

test.skipIf(!existsSync("/dev/full")).each([
  ["standard output", ">/dev/full", true],
  ["standard error", "2>/dev/full", false],
  ["both", ">/dev/full 2>/dev/full", true],
])(
  "[F8] with %s on a full disk it starts, loses no record, and ends at the first signal",
  async (_name, redirections, losesBefore) => {
    await using stage = await openStage();
    const program = spawnServe(redirections, stage);
    expect(await stage.isUp()).toBe(true);
    await stage.askTimes(19);
    const last = await stage.askSlowly();
    const signalledAtMs = performance.now();
    program.kill("SIGTERM");
    expect(await last.status).toBe(200);
    expect(await program.exited).toBe(0);
    expect(performance.now() - signalledAtMs).toBeLessThan(2 * soonMs);
    const { answers, losses } = stage.readLog();
    expect(answers).toBe(20);
    expect(losses).toEqual([expect.objectContaining(loss)]);
    if (losesBefore) expect(losses[0].lostTexts).toBeGreaterThanOrEqual(19);
  },
  30_000,
);

test("[F8] with a reader that went away it loses no record, and ends at the first signal", async () => {
  await using stage = await openStage();
  const program = spawnServe("2>&1", stage);
  expect(await stage.isUp()).toBe(true);
  await program.stdout.cancel();
  await stage.askTimes(20);
  program.kill("SIGTERM");
  expect(await program.exited).toBe(0);
  expect(stage.readLog().answers).toBe(20);
}, 30_000);

test.skipIf(process.platform === "win32")(
  "[F8] with a terminal that hung up it loses no record, and ends at the first signal",
  async () => {
    await using stage = await openStage();
    // As `nohup` and `disown` do.
    const words = [
      "sh",
      "-c",
      'trap "" HUP; exec "$@"',
      "sh",
      process.execPath,
      "--no-env-file",
      main,
      "serve",
    ];
    const { env, home } = stage;
    const program = Bun.spawn([...words, "--host", "127.0.0.1"], {
      cwd: home,
      env,
      terminal: { cols: 80, rows: 24 },
    });
    expect(await stage.isUp()).toBe(true);
    await stage.askTimes(2);
    program.terminal?.close();
    await stage.askTimes(20);
    program.kill("SIGTERM");
    expect(await program.exited).toBe(0);
    const { answers, losses } = stage.readLog();
    expect([answers, losses]).toEqual([22, [expect.objectContaining(loss)]]);
  },
  30_000,
);

test.skipIf(!existsSync("/dev/full"))(
  "[F8] a command whose answer could not be written has failed",
  async () => {
    const program = Bun.spawn(
      ["sh", "-c", 'exec "$@" >/dev/full', "sh", process.execPath, main, "--version"],
      {
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    expect(await program.exited).toBe(1);
  },
);
