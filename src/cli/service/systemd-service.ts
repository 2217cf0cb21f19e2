import { dirname, join } from "node:path";
import { locateConfigFolder, type Place } from "../../config/locate-folders.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import type { BackgroundService, ServiceState } from "./background-service.ts";
import { type CommandRunner, runOrFail } from "./run-command.ts";
import { buildSystemdUnit } from "./systemd-unit.ts";

const unitName = "claude-proxy.service";

async function systemctl(run: CommandRunner, ...words: string[]): Promise<void> {
  await runOrFail(run, ["systemctl", "--user", ...words]);
}

async function readState(run: CommandRunner): Promise<ServiceState> {
  const { stdout } = await run([
    "systemctl",
    "--user",
    "show",
    unitName,
    "--property=ActiveState,MainPID,Result",
  ]);
  const values = new Map(
    stdout.split("\n").map((line): [string, string] => {
      const end = line.indexOf("=");
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
  const isRunning = values.get("ActiveState") === "active";
  const result = values.get("Result") ?? "success";
  return {
    isRunning,
    processId: readWholeNumber(values.get("MainPID")) || null,
    lastEnd: result === "success" ? null : `systemd says: ${result}`,
  };
}

/** The proxy as a systemd unit of one user. */
export function createSystemdService(place: Place): BackgroundService {
  return {
    kind: "systemd user unit",
    definitionPath: join(dirname(locateConfigFolder(place)), "systemd", "user", unitName),
    encoding: "utf8",
    afterInstall: [
      "It starts when you log in and stops when you have logged out everywhere. To keep it running all the time:",
      "",
      `  loginctl enable-linger ${place.env["USER"] ?? ""}`.trimEnd(),
    ],
    buildDefinition: buildSystemdUnit,
    register: async (run) => {
      await systemctl(run, "daemon-reload");
      await systemctl(run, "enable", unitName);
      // Not `start`: a proxy of an older definition or program may be running.
      await systemctl(run, "restart", unitName);
    },
    unregister: (run) => systemctl(run, "disable", "--now", unitName),
    forget: async (run) => {
      await systemctl(run, "daemon-reload");
      // A unit that has failed would stay in the list. It fails when there is nothing to forget.
      await run(["systemctl", "--user", "reset-failed", unitName]);
    },
    start: (run) => systemctl(run, "start", unitName),
    stop: (run) => systemctl(run, "stop", unitName),
    restart: (run) => systemctl(run, "restart", unitName),
    readState,
    listLogWords: (_logFilePath, lines, follow) => [
      "journalctl",
      `--user-unit=${unitName}`,
      `--lines=${lines}`,
      "--no-pager",
      ...(follow ? ["--follow"] : []),
    ],
  };
}
