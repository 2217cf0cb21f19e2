import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  installService,
  loadInstalledSettings,
  type ServiceTask,
  uninstallService,
} from "../../../src/cli/service/install-service.ts";
import { loadServiceSettings, type ServiceFiles } from "../../../src/cli/service/plan-service.ts";
import { createCommandRunner } from "../../../src/cli/service/run-command.ts";
import { selectService } from "../../../src/cli/service/select-service.ts";
import { startVariables } from "../../../src/config/request-limit.ts";
import { createFakePrograms, type FakePrograms } from "../../support/fake-programs.ts";
import { listTree } from "../../support/list-tree.ts";

const key = "canary-upstream-key-0123456789";

/** Loaded and running from `bootstrap` to `bootout`, as with launchd. */
const fakeLaunchctl = `case $1 in
  print) [ -e "$STATE" ] || exit 113; cat "$STATE" ;;
  bootstrap) printf '\\tstate = running\\n\\tpid = 42\\n' >"$STATE" ;;
  bootout) rm "$STATE" ;;
  kill) printf '\\tstate = not running\\n\\tlast exit code = 0\\n' >"$STATE" ;;
  kickstart) printf '\\tstate = running\\n\\tpid = 43\\n' >"$STATE" ;;
esac`;

const fakeSystemctl = "case $2 in show) printf 'ActiveState=active\\nMainPID=42\\nResult=success\\n' ;; esac";

let folder: string;
let homeDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "install-service-"));
  homeDir = join(folder, "home");
  mkdirSync(homeDir);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface System {
  programs: FakePrograms;
  task: ServiceTask;
  /** Where `serve` looks for the settings. */
  usualFile: string;
}

function createSystem(platform: "linux" | "darwin"): System {
  const programs = createFakePrograms(join(folder, "bin"), {
    systemctl: fakeSystemctl,
    launchctl: fakeLaunchctl,
  });
  // The test's own PATH has the shell's commands.
  const place = { platform, homeDir, env: { PATH: `${programs.folder}:/usr/bin:/bin` } };
  const configFolder = platform === "linux" ? ".config" : "Library/Application Support";
  return {
    programs,
    task: {
      service: selectService(place, 501),
      place,
      run: createCommandRunner(place.env),
      executablePath: process.execPath,
    },
    usualFile: join(homeDir, configFolder, "claude-proxy", ".env"),
  };
}

function writeSettings(path: string, port = 8080): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `OPENAI_API_KEY=${key}\nBIG_MODEL_NAME=big\nSMALL_MODEL_NAME=small\nPORT=${port}\n`, {
    mode: 0o600,
  });
}

function settingsOf({ task }: System, files: ServiceFiles = {}) {
  return loadServiceSettings(task.place, task.executablePath, files);
}

describe.each(["linux", "darwin"] as const)("on %s", (platform) => {
  test("installing and uninstalling leaves the home folder exactly as it was", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    const before = listTree(homeDir);
    await installService(system.task, await settingsOf(system));
    expect(listTree(homeDir)).not.toEqual(before);
    expect(await uninstallService(system.task)).toBe("removed");
    expect(listTree(homeDir)).toEqual(before);
    expect(await uninstallService(system.task)).toBe("none");
  });

  test("[F11] the definition is its owner's alone, whatever the umask", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    const umask = process.umask(0);
    try {
      await installService(system.task, await settingsOf(system));
    } finally {
      process.umask(umask);
    }
    expect(statSync(system.task.service.definitionPath).mode & 0o777).toBe(0o600);
    await uninstallService(system.task);
  });

  test("installing twice is installing once", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    const before = listTree(homeDir);
    await installService(system.task, await settingsOf(system));
    const once = listTree(homeDir);
    await installService(system.task, await settingsOf(system));
    expect(listTree(homeDir)).toEqual(once);
    await uninstallService(system.task);
    expect(listTree(homeDir)).toEqual(before);
  });

  test("folders that were there before stay, and so does one in which there is something now", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    mkdirSync(dirname(system.task.service.definitionPath), { recursive: true });
    const before = listTree(homeDir);
    await installService(system.task, await settingsOf(system));
    const log = (await settingsOf(system)).loaded.config.logFilePath;
    writeFileSync(log, "a record\n");
    await uninstallService(system.task);
    expect(readFileSync(log, "utf8")).toBe("a record\n");
    rmSync(log);
    // What remains are the folders of the log, which were not empty.
    const added = listTree(homeDir).filter((line) => !before.includes(line));
    expect(added.every((line) => line.endsWith("700 folder"))).toBe(true);
  });

  test("the folders of the log and of the state are there before it starts", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    const log = join(homeDir, "logs/proxy.log");
    writeFileSync(system.usualFile, `${readFileSync(system.usualFile, "utf8")}LOG_FILE_PATH=${log}\n`);
    const { config } = (await settingsOf(system)).loaded;
    await installService(system.task, await settingsOf(system));
    expect([dirname(log), config.stateFolder].map((path) => statSync(path).isDirectory())).toEqual([
      true,
      true,
    ]);
    await uninstallService(system.task);
  });

  test("the definition holds no key", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    await installService(system.task, await settingsOf(system));
    const definition = readFileSync(system.task.service.definitionPath, "utf8");
    expect(definition).toContain(system.usualFile);
    expect(definition).not.toContain(key);
    expect(system.programs.calls().join("\n")).not.toContain(key);
  });

  test("the definition has Bun's variables, for which the proxy would otherwise start itself a second time", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    await installService(system.task, await settingsOf(system));
    const definition = readFileSync(system.task.service.definitionPath, "utf8");
    const lines = Object.entries(startVariables).map(([name, value]) =>
      platform === "linux"
        ? `Environment="${name}=${value}"\n`
        : `<key>${name}</key>\n    <string>${value}</string>`,
    );
    expect(lines.length).toBe(3);
    for (const line of lines) expect(definition).toContain(line);
  });

  test("the settings it was installed with are found again", async () => {
    const system = createSystem(platform);
    const envFile = join(homeDir, "elsewhere.env");
    writeSettings(envFile, 9999);
    await expect(loadInstalledSettings(system.task)).rejects.toThrow(
      "The service is not installed. Run: claude-proxy service install",
    );
    await installService(system.task, await settingsOf(system, { envFile }));
    const settings = await loadInstalledSettings(system.task);
    expect({ envFile: settings.envFile, port: settings.loaded.config.port }).toEqual({ envFile, port: 9999 });
  });

  test("a machine without the system's program is told so, and nothing is written", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    const before = listTree(homeDir);
    const program = platform === "linux" ? "systemctl" : "launchctl";
    const task = { ...system.task, run: createCommandRunner({ PATH: homeDir }) };
    await expect(installService(task, await settingsOf(system))).rejects.toThrow(
      `${program} is not installed on this machine, and the service needs it.`,
    );
    expect(listTree(homeDir)).toEqual(before);
  });
});

test("systemd is told in this order", async () => {
  const system = createSystem("linux");
  writeSettings(system.usualFile);
  await installService(system.task, await settingsOf(system));
  await uninstallService(system.task);
  expect(system.programs.calls()).toEqual([
    "systemctl --user show claude-proxy.service --property=ActiveState,MainPID,Result",
    "systemctl --user daemon-reload",
    "systemctl --user enable claude-proxy.service",
    "systemctl --user restart claude-proxy.service",
    "systemctl --user disable --now claude-proxy.service",
    "systemctl --user daemon-reload",
    "systemctl --user reset-failed claude-proxy.service",
  ]);
});

test("launchd is told in this order, and an agent that runs already is booted out first", async () => {
  const system = createSystem("darwin");
  writeSettings(system.usualFile);
  await installService(system.task, await settingsOf(system));
  await installService(system.task, await settingsOf(system));
  const { definitionPath } = system.task.service;
  const target = "gui/501/com.github.claude-proxy";
  expect(system.programs.calls()).toEqual([
    `launchctl print ${target}`,
    `launchctl print ${target}`,
    `launchctl enable ${target}`,
    `launchctl bootstrap gui/501 ${definitionPath}`,
    `launchctl print ${target}`,
    `launchctl print ${target}`,
    `launchctl bootout ${target}`,
    `launchctl print ${target}`,
    `launchctl enable ${target}`,
    `launchctl bootstrap gui/501 ${definitionPath}`,
  ]);
});

describe.each(["linux", "darwin"] as const)("on %s an installation that the system refuses", (platform) => {
  /** The same system, which refuses to start what it is given. */
  function refuse({ task, programs }: System): ServiceTask {
    const bodies = {
      systemctl: `case $2 in restart) echo 'Job failed.' >&2; exit 1 ;; *) ${fakeSystemctl} ;; esac`,
      launchctl: `case $1 in bootstrap) echo 'Bootstrap failed' >&2; exit 5 ;; print) exit 113 ;; esac`,
    };
    const refusing = createFakePrograms(join(folder, "refusing"), bodies);
    return {
      ...task,
      run: createCommandRunner({ PATH: `${refusing.folder}:${programs.folder}:/usr/bin:/bin` }),
    };
  }

  test("leaves nothing behind, and says so", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile);
    const before = listTree(homeDir);
    const words = platform === "linux" ? "Job failed." : "Bootstrap failed";
    await expect(installService(refuse(system), await settingsOf(system))).rejects.toThrow(
      `${words}\nThe service is not installed, and nothing of it remains. To see whether the proxy itself starts: claude-proxy serve`,
    );
    expect(listTree(homeDir)).toEqual(before);
  });

  test("leaves the one that was there", async () => {
    const system = createSystem(platform);
    writeSettings(system.usualFile, 8080);
    await installService(system.task, await settingsOf(system));
    const before = listTree(homeDir);
    const definition = readFileSync(system.task.service.definitionPath, "utf8");
    const other = join(homeDir, "other.env");
    writeSettings(other, 9090);
    writeFileSync(
      other,
      `${readFileSync(other, "utf8")}LOG_FILE_PATH=${join(homeDir, "logs/of/it/proxy.log")}\n`,
    );
    await expect(
      installService(refuse(system), await settingsOf(system, { envFile: other })),
    ).rejects.toThrow("The service is not installed, and the previous one has been restored.");
    rmSync(other);
    expect(readFileSync(system.task.service.definitionPath, "utf8")).toBe(definition);
    expect(listTree(homeDir)).toEqual(before);
  });
});

describe.each([
  ["of an older systemd", "Failed to connect to bus: No medium found"],
  ["of a newer one", "Failed to connect to user scope bus via local transport: No such file or directory"],
])("without a session, in the words %s", (_, words) => {
  const mute = (system: System): ServiceTask => {
    const { folder: bin } = createFakePrograms(join(folder, "mute"), {
      systemctl: `echo '${words}' >&2; exit 1`,
    });
    return { ...system.task, run: createCommandRunner({ PATH: `${bin}:/usr/bin:/bin` }) };
  };
  const told = `systemd has no session of yours in which to run a service (${words}).
Log in as yourself, by ssh or at the console, not with su or sudo; or let an administrator run: loginctl enable-linger
Without a service: nohup claude-proxy serve >/dev/null 2>&1 &`;

  test("nothing is written, and what to do is said", async () => {
    const system = createSystem("linux");
    writeSettings(system.usualFile);
    const before = listTree(homeDir);
    await expect(installService(mute(system), await settingsOf(system))).rejects.toThrow(told);
    expect(listTree(homeDir)).toEqual(before);
  });

  test("a service of another session can be removed, with what systemd has put beside it", async () => {
    const system = createSystem("linux");
    writeSettings(system.usualFile);
    const before = listTree(homeDir);
    await installService(system.task, await settingsOf(system));
    const wants = join(dirname(system.task.service.definitionPath), "default.target.wants");
    mkdirSync(wants);
    symlinkSync(system.task.service.definitionPath, join(wants, "claude-proxy.service"));
    expect(await uninstallService(mute(system))).toBe("unasked");
    expect(listTree(homeDir)).toEqual(before);
  });

  test("it cannot be asked, started or stopped, and each says why", async () => {
    const { service, run } = mute(createSystem("linux"));
    for (const act of [
      service.readState,
      service.requireSession,
      service.start,
      service.stop,
      service.restart,
    ]) {
      await expect(act(run)).rejects.toThrow(told);
    }
  });
});

test("a machine that was not started with systemd is told so", async () => {
  const { folder: bin } = createFakePrograms(join(folder, "mute"), {
    systemctl:
      'echo "System has not been booted with systemd as init system (PID 1). Can\'t operate." >&2; exit 1',
  });
  const { service } = createSystem("linux").task;
  await expect(service.readState(createCommandRunner({ PATH: `${bin}:/usr/bin:/bin` }))).rejects.toThrow(
    "This machine does not run systemd, as is usual in a container, and the service needs it.\nWithout a service: nohup claude-proxy serve",
  );
});

test("what a program of the system says when it refuses reaches the user, and uninstalling goes on", async () => {
  const system = createSystem("linux");
  writeSettings(system.usualFile);
  const before = listTree(homeDir);
  await installService(system.task, await settingsOf(system));
  const refusing = createFakePrograms(join(folder, "refusing"), {
    systemctl: "echo 'Access denied' >&2; exit 1",
  });
  const task = { ...system.task, run: createCommandRunner({ PATH: `${refusing.folder}:/usr/bin:/bin` }) };
  await expect(uninstallService(task)).rejects.toThrow(
    "This command failed: systemctl --user disable --now claude-proxy.service\nAccess denied",
  );
  expect(listTree(homeDir)).toEqual(before);
});

describe("the settings of a service", () => {
  test("come from a file alone: what is set in the shell does not count", async () => {
    const system = createSystem("linux");
    const env = { OPENAI_API_KEY: key, BIG_MODEL_NAME: "big", SMALL_MODEL_NAME: "small" };
    const place = { ...system.task.place, env: { ...system.task.place.env, ...env } };
    await expect(loadServiceSettings(place, process.execPath, { envFile: "no.env" })).rejects.toThrow(
      `It reads them from ${join(process.cwd(), "no.env")}`,
    );
    await expect(loadServiceSettings(place, process.execPath)).rejects.toThrow(
      `A service does not see the settings in your shell. It reads them from ${system.usualFile}`,
    );
  });

  test("name a fixed port", async () => {
    const system = createSystem("linux");
    writeSettings(system.usualFile, 0);
    await expect(settingsOf(system)).rejects.toThrow(
      `PORT: a service needs the same port every time, for example 8080\nA service does not see the settings in your shell. It reads them from ${system.usualFile}`,
    );
  });

  test("may lie beside the program", async () => {
    const system = createSystem("linux");
    const executablePath = join(folder, "app", "claude-proxy");
    mkdirSync(dirname(executablePath));
    copyFileSync("/bin/true", executablePath);
    writeSettings(join(folder, "app", ".env"));
    const { envFile } = await loadServiceSettings(system.task.place, executablePath);
    expect(envFile).toBe(join(folder, "app", ".env"));
  });

  test("may stand in a configuration file, which the definition then names", async () => {
    const system = createSystem("linux");
    const configFile = join(dirname(system.usualFile), "config.yaml");
    mkdirSync(dirname(configFile), { recursive: true });
    const upstreams = "upstreams: { desk: { url: http://localhost:1/v1 } }\nroutes: { default: desk/m }\n";
    writeFileSync(configFile, `${upstreams}server: { port: 9998 }\n`, { mode: 0o600 });
    const read = async () => {
      await installService(system.task, await settingsOf(system));
      const { loaded, ...files } = await loadInstalledSettings(system.task);
      const unit = readFileSync(system.task.service.definitionPath, "utf8");
      return { port: loaded.config.port, ...files, start: /^ExecStart=.* "serve" (.*)$/m.exec(unit)?.[1] };
    };
    const args = `"--config" "${configFile}"`;
    expect(await read()).toEqual({ port: 9998, envFile: null, configFile, start: args });
    writeSettings(system.usualFile, 9997);
    const both = `"--env-file" "${system.usualFile}" ${args}`;
    expect(await read()).toEqual({ port: 9997, envFile: system.usualFile, configFile, start: both });
    await uninstallService(system.task);
  });
});
