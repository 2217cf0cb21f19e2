import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeInstallRecord, encodeInstallRecord } from "../../../src/cli/service/install-record.ts";
import { buildLaunchdPlist } from "../../../src/cli/service/launchd-plist.ts";
import { buildScheduledTask } from "../../../src/cli/service/scheduled-task.ts";
import type { ServicePlan } from "../../../src/cli/service/service-plan.ts";
import { buildSystemdUnit } from "../../../src/cli/service/systemd-unit.ts";

const fixtures = join(import.meta.dir, "../../fixtures/service");

/** Every character that one of the three formats takes for its own. */
const plan: ServicePlan = {
  programPath: "/home/an na/100%/$HOME/claude-proxy",
  envFile: '/home/an na/--> "quoted" & <tagged>/$KEY/.env',
  configFile: null,
  logFilePath: "/home/an na/logs 50%/claude-proxy.log",
  stateFolder: "/home/an na/state 50%/claude-proxy",
  environment: { XDG_STATE_HOME: "/home/an na/state 50%", XDG_CONFIG_HOME: "/home/an na/config" },
  madeFolders: ["/home/an na/--made", "/home/an na/--made/too"],
};

const windowsPlan: ServicePlan = {
  programPath: "C:\\Users\\An Na & Co\\bin\\claude-proxy.exe",
  envFile: "C:\\Users\\An Na & Co\\claude-proxy\\.env",
  configFile: null,
  logFilePath: "C:\\Users\\An Na & Co\\claude-proxy\\logs\\claude-proxy.log",
  stateFolder: "C:\\Users\\An Na & Co\\claude-proxy",
  environment: {},
  madeFolders: [],
};

const definitions: [string, string][] = [
  ["claude-proxy.service", buildSystemdUnit(plan)],
  ["claude-proxy.plist", buildLaunchdPlist(plan)],
  ["claude-proxy-task.xml", buildScheduledTask(windowsPlan, "OFFICE\\An & Na")],
];

test.each(definitions)("%s is written as recorded", (name, definition) => {
  const path = join(fixtures, name);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, definition);
  expect(definition).toBe(readFileSync(path, "utf8"));
});

test("a service with a configuration file is told to read it anew, and remembers it", () => {
  const configFile = "/home/an na/100%/$HOME/config.yaml";
  const unit = buildSystemdUnit({ ...plan, envFile: null, configFile });
  expect(unit).toContain(
    '"serve" "--config" "/home/an na/100%%/$$HOME/config.yaml"\nExecReload=/bin/kill -HUP $MAINPID\n',
  );
  expect(decodeInstallRecord(unit)).toEqual({ configFile, madeFolders: plan.madeFolders });
  expect(buildLaunchdPlist({ ...plan, configFile })).toContain("<string>--config</string>");
});

test("a unit with one folder for its log and its state names it once", () => {
  const unit = buildSystemdUnit({ ...plan, stateFolder: "/home/an na/logs 50%" });
  expect(unit).toContain('\nReadWritePaths="/home/an na/logs 50%%"\n');
});

test("a path of Windows that ends with backslashes does not take the closing quote with it", () => {
  const task = buildScheduledTask({ ...windowsPlan, envFile: "D:\\settings\\\\" }, "user");
  expect(task).toContain("&quot;--env-file&quot; &quot;D:\\settings\\\\\\\\&quot;</Arguments>");
});

test.each(definitions)("%s remembers its installation", (name, definition) => {
  const { envFile, madeFolders } = name.endsWith(".xml") ? windowsPlan : plan;
  expect<unknown>(decodeInstallRecord(definition)).toEqual({ envFile, madeFolders });
});

test("a definition whose memory was changed by hand is one without", () => {
  const line = encodeInstallRecord(plan);
  expect<unknown>(decodeInstallRecord(line)).toEqual({
    envFile: plan.envFile,
    madeFolders: plan.madeFolders,
  });
  expect(decodeInstallRecord(line.replace('"envFile"', '"file"'))).toBeNull();
  expect(decodeInstallRecord(line.replace("[", ""))).toBeNull();
  expect(decodeInstallRecord("[Unit]")).toBeNull();
});

test.skipIf(Bun.which("systemd-analyze") === null).each([
  ["the unit", null],
  ["one with a configuration file", "/home/an na/100%/$HOME/config.yaml"],
])("systemd has nothing to say about %s", (_, configFile) => {
  const folder = mkdtempSync(join(tmpdir(), "systemd-verify-"));
  const unit = join(folder, "claude-proxy.service");
  // systemd looks whether the program is there.
  writeFileSync(unit, buildSystemdUnit({ ...plan, configFile, programPath: process.execPath }));
  const { exitCode, stderr } = Bun.spawnSync(["systemd-analyze", "verify", "--user", unit], {
    env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder },
  });
  rmSync(folder, { recursive: true });
  expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
});

/** Runs a Python program with one more file to read, and gives what it prints as JSON. */
function readWithPython(program: string, definition: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), "python-"));
  const path = join(folder, "definition");
  // As the file is written, with its byte order mark.
  writeFileSync(path, `\ufeff${definition}`, "utf16le");
  if (!definition.includes('encoding="UTF-16"')) writeFileSync(path, definition);
  const { stdout, stderr } = Bun.spawnSync(["python3", "-c", program, path]);
  rmSync(folder, { recursive: true });
  expect(stderr.toString()).toBe("");
  return JSON.parse(stdout.toString());
}

const hasPython = Bun.which("python3") !== null;

test.skipIf(!hasPython)("the property list has what launchd needs", () => {
  const program = "import json,plistlib,sys; print(json.dumps(plistlib.load(open(sys.argv[1],'rb'))))";
  expect(readWithPython(program, buildLaunchdPlist(plan))).toEqual({
    Label: "com.github.claude-proxy",
    ProgramArguments: [plan.programPath, "serve", "--env-file", plan.envFile],
    EnvironmentVariables: plan.environment,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 30,
    ExitTimeOut: 40,
    Umask: 0o077,
    ProcessType: "Interactive",
    StandardOutPath: "/dev/null",
    StandardErrorPath: "/home/an na/logs 50%/service-errors.log",
  });
});

test.skipIf(!hasPython)("the task is well-formed XML", () => {
  const program = `import json,sys,xml.etree.ElementTree as tree
print(json.dumps([[element.tag.split("}")[1], element.text] for element in tree.parse(sys.argv[1]).iter()
  if not len(element)]))`;
  expect(readWithPython(program, buildScheduledTask(windowsPlan, "OFFICE\\An & Na"))).toEqual([
    ["Description", "Runs Claude Code with any OpenAI-compatible model."],
    ["Enabled", "true"],
    ["UserId", "OFFICE\\An & Na"],
    ["UserId", "OFFICE\\An & Na"],
    ["LogonType", "InteractiveToken"],
    ["RunLevel", "LeastPrivilege"],
    ["MultipleInstancesPolicy", "IgnoreNew"],
    ["DisallowStartIfOnBatteries", "false"],
    ["StopIfGoingOnBatteries", "false"],
    ["AllowHardTerminate", "true"],
    ["StartWhenAvailable", "true"],
    ["ExecutionTimeLimit", "PT0S"],
    ["Priority", "5"],
    ["Interval", "PT1M"],
    ["Count", "5"],
    ["Command", "%SystemRoot%\\System32\\conhost.exe"],
    [
      "Arguments",
      '--headless "C:\\Users\\An Na & Co\\bin\\claude-proxy.exe" "serve" "--env-file" "C:\\Users\\An Na & Co\\claude-proxy\\.env"',
    ],
  ]);
});
