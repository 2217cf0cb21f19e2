import { dirname, join } from "node:path";
import { locateConfigFolder, type Place } from "../../config/locate-folders.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import type { BackgroundService, ServiceState } from "./background-service.ts";
import { NoSessionError } from "./no-session-error.ts";
import { type CommandResult, type CommandRunner, requireSuccess } from "./run-command.ts";
import { buildSystemdUnit } from "./systemd-unit.ts";

const unitName = "claude-proxy.service";

/** The error of `systemctl --user` if it reaches no manager, in the words of its several versions. */
const noSession = /connect to (?:[a-z]+ )*bus\b/i;
const noSystemd = /not been booted with systemd/i;

const insteadOfService = "Without a service: nohup claude-proxy serve >/dev/null 2>&1 &";

/** Runs `systemctl --user`. @throws NoSessionError if it reaches no manager */
async function ask(run: CommandRunner, user: string, words: readonly string[]): Promise<CommandResult> {
  const result = await run(["systemctl", "--user", ...words]);
  const reason = result.stderr.trim();
  if (result.exitCode === 0 || !(noSession.test(reason) || noSystemd.test(reason))) return result;
  throw new NoSessionError(
    noSystemd.test(reason)
      ? `This machine does not run systemd, as is usual in a container, and the service needs it.\n${insteadOfService}`
      : `systemd has no session of yours in which to run a service (${reason}).\n` +
          "Log in as yourself, by ssh or at the console, not with su or sudo; or let an administrator run: " +
          `loginctl enable-linger ${user}`.trimEnd() +
          `\n${insteadOfService}`,
  );
}

async function readState(run: CommandRunner, user: string): Promise<ServiceState> {
  const { stdout } = await ask(run, user, ["show", unitName, "--property=ActiveState,MainPID,Result"]);
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
  const unitFolder = join(dirname(locateConfigFolder(place)), "systemd", "user");
  const user = place.env["USER"] ?? "";
  const systemctl = async (run: CommandRunner, ...words: string[]) => {
    requireSuccess(["systemctl", "--user", ...words], await ask(run, user, words));
  };
  return {
    kind: "systemd user unit",
    definitionPath: join(unitFolder, unitName),
    links: [join(unitFolder, "default.target.wants", unitName)],
    encoding: "utf8",
    afterInstall: [
      "It starts when you log in and stops when you have logged out everywhere. To keep it running all the time:",
      "",
      `  loginctl enable-linger ${user}`.trimEnd(),
    ],
    buildDefinition: buildSystemdUnit,
    register: async (run) => {
      await systemctl(run, "daemon-reload");
      await systemctl(run, "enable", unitName);
      // Not `start`: a proxy with an older definition or program may be running.
      await systemctl(run, "restart", unitName);
    },
    unregister: (run) => systemctl(run, "disable", "--now", unitName),
    forget: async (run) => {
      await systemctl(run, "daemon-reload");
      // A failed unit would stay in the list. The command fails if there is nothing to reset.
      await run(["systemctl", "--user", "reset-failed", unitName]);
    },
    start: (run) => systemctl(run, "start", unitName),
    stop: (run) => systemctl(run, "stop", unitName),
    restart: (run) => systemctl(run, "restart", unitName),
    readState: (run) => readState(run, user),
    requireSession: async (run) => void (await readState(run, user)),
    listLogWords: (_logFilePath, lines, follow) => [
      "journalctl",
      `--user-unit=${unitName}`,
      `--lines=${lines}`,
      "--no-pager",
      ...(follow ? ["--follow"] : []),
    ],
  };
}
