import { deepStrictEqual, match } from "node:assert/strict";
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFakePrograms } from "../../../test/support/fake-programs.ts";
import { listTree } from "../../../test/support/list-tree.ts";
import { openNotifySocket } from "../../../test/support/notify-socket.ts";
import { bunTest } from "../../bun-test.ts";
import { requirePackages, runTool } from "./debian-packages.ts";
import { locateProgram } from "./locate-release.ts";
import { startWithSignals } from "./started-program.ts";

const key = "sk-canary-0123456789abcdef";
const notifyLimitMs = 20_000;

interface Home {
  readonly folder: string;
  readonly env: Record<string, string>;
}

/** A home with settings, and a systemctl that only says yes. */
function createHome(folder: string): Home {
  const home = join(folder, "home");
  const configFolder = join(home, ".config/claude-proxy");
  mkdirSync(configFolder, { recursive: true });
  const settings = ["BIG_MODEL_NAME=big", "SMALL_MODEL_NAME=small", "PORT=18765", `OPENAI_API_KEY=${key}`];
  writeFileSync(join(configFolder, ".env"), `${settings.join("\n")}\n`, { mode: 0o600 });
  const programs = createFakePrograms(join(folder, "bin"), { systemctl: "" });
  return { folder: home, env: { PATH: `${programs.folder}:/usr/bin:/bin`, HOME: home } };
}

function run(home: Home, ...args: string[]): { exitCode: number; output: string } {
  const program = locateProgram("linux-x64");
  const { exitCode, stdout, stderr } = Bun.spawnSync([program, "service", ...args], { env: home.env });
  return { exitCode, output: `${stdout}${stderr}` };
}

function checkUnit(home: Home, folder: string): void {
  const { exitCode, output } = run(home, "install", "--print");
  deepStrictEqual(exitCode, 0, output);
  deepStrictEqual(output.includes(key), false, "the key is in the unit");
  const unit = join(folder, "claude-proxy.service");
  writeFileSync(unit, output);
  const verify = Bun.spawnSync(["systemd-analyze", "verify", "--user", unit], {
    env: { ...home.env, XDG_RUNTIME_DIR: folder },
  });
  deepStrictEqual([verify.exitCode, verify.stderr.toString()], [0, ""]);
}

function checkInstallation(home: Home): void {
  const before = listTree(home.folder);
  const asRoot = process.getuid?.() === 0 ? ["--as-root"] : [];
  if (asRoot.length > 0) {
    const refused = run(home, "install");
    deepStrictEqual(refused.exitCode, 2);
    match(refused.output, /would run as root/);
    deepStrictEqual(listTree(home.folder), before);
  }
  for (const _time of [1, 2]) {
    const { exitCode, output } = run(home, "install", ...asRoot);
    deepStrictEqual(exitCode, 0, output);
  }
  const status = run(home, "status");
  deepStrictEqual(status.exitCode, 1);
  match(status.output, /installed as a systemd user unit but does not run/);
  const { exitCode, output } = run(home, "uninstall");
  deepStrictEqual(exitCode, 0, output);
  deepStrictEqual(listTree(home.folder), before);
}

/** Counting loads what the program has not loaded yet, from a file that has changed since it started. */
async function checkUpgradedInPlace(installed: string): Promise<void> {
  copyFileSync("/bin/true", `${installed}.new`);
  renameSync(`${installed}.new`, installed);
  const response = await fetch("http://127.0.0.1:18765/v1/messages/count_tokens", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "claude-sonnet-5-5", messages: [{ role: "user", content: "hello" }] }),
  });
  deepStrictEqual(response.status, 200);
}

/** Starts the program as a unit of Type=notify does, listens to what it says, and puts another in its place. */
async function checkRunning(home: Home, folder: string): Promise<void> {
  const address = join(folder, "notify");
  const socket = openNotifySocket(address);
  const installed = join(folder, "claude-proxy");
  copyFileSync(locateProgram("linux-x64"), installed);
  const program = startWithSignals([installed, "serve"], {
    folder,
    env: { ...home.env, NOTIFY_SOCKET: address },
  });
  try {
    const startedAtMs = performance.now();
    let message = socket.receive();
    while (message === null && performance.now() - startedAtMs < notifyLimitMs) {
      await Bun.sleep(10);
      message = socket.receive();
    }
    deepStrictEqual(message, "READY=1", program.output());
    deepStrictEqual((await fetch("http://127.0.0.1:18765/health")).status, 200);
    await checkUpgradedInPlace(installed);
    program.interrupt();
    deepStrictEqual(await program.exited, 0);
  } finally {
    program.kill();
    socket.close();
  }
}

/** Checks the service with the built program: its unit, installing and uninstalling, what it tells systemd. */
export async function checkService(folder: string): Promise<string> {
  await requirePackages(["systemd", "python3"], ["systemd-analyze", "python3"]);
  const home = createHome(folder);
  checkUnit(home, folder);
  checkInstallation(home);
  await checkRunning(home, folder);
  // The property list and the task are checked by the tests, which this makes sure of: here python3 is there.
  runTool([...bunTest, "test/cli/service"]);
  return "systemd has nothing to say about the unit; install and uninstall leave the home as it was; READY=1 is sent; outlives its own file";
}
