import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCommandRunner } from "../../../src/cli/service/run-command.ts";
import { selectService } from "../../../src/cli/service/select-service.ts";
import { createFakePrograms } from "../../support/fake-programs.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "service-state-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function createSystem(platform: NodeJS.Platform, bodies: Record<string, string>) {
  const programs = createFakePrograms(join(folder, "bin"), bodies);
  const env = { PATH: `${programs.folder}:/usr/bin:/bin`, USERDOMAIN: "OFFICE", USERNAME: "anna" };
  const service = selectService({ platform, homeDir: "/home/anna", env }, 501);
  return { service, run: createCommandRunner(env), programs };
}

const stopped = { isRunning: false, processId: null, lastEnd: null };

test.each([
  [
    "running",
    "ActiveState=active\\nMainPID=42\\nResult=success\\n",
    { ...stopped, isRunning: true, processId: 42 },
  ],
  ["stopped", "ActiveState=inactive\\nMainPID=0\\nResult=success\\n", stopped],
  [
    "failed",
    "ActiveState=failed\\nMainPID=0\\nResult=exit-code\\n",
    { ...stopped, lastEnd: "systemd says: exit-code" },
  ],
  ["starting again", "ActiveState=activating\\nMainPID=0\\nResult=success\\n", stopped],
])("a unit that is %s", async (_name, output, expected) => {
  const { service, run } = createSystem("linux", { systemctl: `printf '${output}'` });
  expect(await service.readState(run)).toEqual(expected);
});

test.each([
  ["running", "\\tstate = running\\n\\tpid = 42\\n", { ...stopped, isRunning: true, processId: 42 }],
  ["at rest", "\\tstate = not running\\n\\tlast exit code = 0\\n", stopped],
  ["not yet started", "\\tstate = waiting\\n\\tlast exit code = (never exited)\\n", stopped],
  ["failed", "\\tstate = not running\\n\\tlast exit code = 2\\n", { ...stopped, lastEnd: "exit code 2" }],
  ["unknown", "", stopped],
])("an agent that is %s", async (_name, output, expected) => {
  const { service, run } = createSystem("darwin", { launchctl: `printf '${output}'` });
  expect(await service.readState(run)).toEqual(expected);
});

test.each([
  ["running", `echo '{"state":4,"result":267009}'`, { ...stopped, isRunning: true }],
  ["ended by its user", `echo '{"state":3,"result":267014}'`, stopped],
  ["failed", `echo '{"state":3,"result":2}'`, { ...stopped, lastEnd: "result 0x2" }],
  ["unknown", "exit 1", stopped],
])("a task that is %s", async (_name, body, expected) => {
  const { service, run } = createSystem("win32", { "powershell.exe": body });
  expect(await service.readState(run)).toEqual(expected);
});

test("a task is created, started, stopped and deleted through schtasks", async () => {
  const { service, run, programs } = createSystem("win32", {
    "powershell.exe": `echo '{"state":4,"result":0}'`,
    "schtasks.exe": "",
  });
  await service.register(run);
  await service.unregister(run);
  expect(programs.calls().filter((call) => call.startsWith("schtasks.exe"))).toEqual([
    `schtasks.exe /Create /F /TN claude-proxy /XML ${service.definitionPath}`,
    "schtasks.exe /End /TN claude-proxy",
    "schtasks.exe /Run /TN claude-proxy",
    "schtasks.exe /End /TN claude-proxy",
    "schtasks.exe /Delete /F /TN claude-proxy",
  ]);
});

test("stopping an agent lets it end by itself, and starting wakes it again", async () => {
  const { service, run, programs } = createSystem("darwin", {
    launchctl: `case $1 in
  print) cat "$STATE" 2>/dev/null || printf '\\tstate = running\\n' ;;
  kill) printf '\\tstate = not running\\n' >"$STATE" ;;
esac`,
  });
  await service.restart(run);
  await service.stop(run);
  const target = "gui/501/com.github.claude-proxy";
  expect(programs.calls()).toEqual([
    `launchctl print ${target}`,
    `launchctl kill SIGTERM ${target}`,
    `launchctl print ${target}`,
    `launchctl kickstart ${target}`,
    `launchctl print ${target}`,
  ]);
});

test("logs are shown by a program of the system", () => {
  const words = (platform: NodeJS.Platform, follow: boolean) =>
    createSystem(platform, {}).service.listLogWords("/log/claude-proxy's.log", 20, follow);
  expect(words("linux", true)).toEqual([
    "journalctl",
    "--user-unit=claude-proxy.service",
    "--lines=20",
    "--no-pager",
    "--follow",
  ]);
  expect(words("darwin", false)).toEqual([
    "tail",
    "-n",
    "20",
    "/log/service-errors.log",
    "/log/claude-proxy's.log",
  ]);
  expect(words("win32", true)).toEqual([
    "powershell.exe",
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    "Get-Content -LiteralPath '/log/claude-proxy''s.log' -Tail 20 -Wait",
  ]);
});

test("a system without services is told what to do instead", () => {
  expect(() => createSystem("freebsd", {})).toThrow(
    "There is no service for freebsd. Run: claude-proxy serve",
  );
});
