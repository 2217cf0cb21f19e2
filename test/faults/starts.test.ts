import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { soonMs } from "../support/soon-ms.ts";
import { programTest } from "./program-test.ts";
import { canaries } from "./scene.ts";

const main = join(import.meta.dir, "../../src/main.ts");
const settings = { OPENAI_API_KEY: canaries.upstreamKey, BIG_MODEL_NAME: "big", SMALL_MODEL_NAME: "small" };

/** Starts the program, which should end by itself; gives its code, what it said, and how long that took. */
async function startInVain(args: string[], env: Record<string, string>, prefix: string[] = []) {
  const home = mkdtempSync(join(tmpdir(), "claude-proxy-vain-"));
  chmodSync(home, 0o777);
  const startedAtMs = performance.now();
  const program = Bun.spawn([...prefix, process.execPath, "--no-env-file", main, "serve", ...args], {
    cwd: home,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, ...settings, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const timer = setTimeout(() => program.kill("SIGKILL"), 3 * soonMs);
  const [out, err, exitCode] = await Promise.all([
    program.stdout.text(),
    program.stderr.text(),
    program.exited,
  ]);
  const tookMs = performance.now() - startedAtMs;
  clearTimeout(timer);
  rmSync(home, { recursive: true });
  return { out, err, exitCode, tookMs };
}

programTest("[row 78] a second server at a port is told off soon; the first goes on", async (stage) => {
  const { out, err, exitCode, tookMs } = await startInVain(["--port", String(stage.program.port)], {});
  expect([out, exitCode]).toEqual(["", 1]);
  expect(err).toMatch(/^Port \d+ is taken by a claude-proxy .*\n$/);
  expect(tookMs).toBeLessThan(soonMs);
});

test.each([
  [
    "an address that this machine does not have",
    "192.0.2.1",
    "This machine has no address 192.0.2.1. Use --host 127.0.0.1.\n",
  ],
])("[row 78] %s ends the start soon, in one line", async (_what, host, line) => {
  const { out, err, exitCode, tookMs } = await startInVain(["--host", host], {
    PROXY_API_KEY: canaries.clientKey,
  });
  expect([out, err, exitCode]).toEqual(["", line, 1]);
  expect(tookMs).toBeLessThan(soonMs);
});

/** As root nothing is forbidden: the program then runs as nobody, where that can be. */
const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const isRoot = process.getuid?.() === 0;
const canBeNobody =
  Bun.which("setpriv") !== null &&
  Bun.spawnSync([
    ...asNobody,
    process.execPath,
    "--no-env-file",
    "-e",
    `await import(${JSON.stringify(main.replace("main.ts", "config/config.ts"))})`,
  ]).exitCode === 0;

test.skipIf(isRoot && !canBeNobody)(
  "[row 79] a .env file that may not be read is named, and soon",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "claude-proxy-env-"));
    chmodSync(folder, 0o755);
    const path = join(folder, ".env");
    writeFileSync(path, `PROXY_API_KEY=${canaries.clientKey}`);
    chmodSync(path, 0o000);
    const { out, err, exitCode, tookMs } = await startInVain(
      ["--env-file", path],
      {},
      isRoot ? asNobody : [],
    );
    expect([out, err, exitCode]).toEqual(["", expect.stringContaining(`${path} cannot be read: `), 2]);
    expect(err).not.toContain("canary");
    expect(err.split("\n").length).toBeLessThan(5);
    expect(tookMs).toBeLessThan(soonMs);
    rmSync(folder, { recursive: true });
  },
);
