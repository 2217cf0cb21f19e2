import { win32 } from "node:path";
import { z } from "zod";
import { locateLogFolder, type Place } from "../../config/locate-folders.ts";
import type { BackgroundService, ServiceState } from "./background-service.ts";
import { type CommandRunner, runOrFail } from "./run-command.ts";
import { buildScheduledTask, taskName } from "./scheduled-task.ts";

/** The number of `Running` in `Get-ScheduledTask`; `schtasks` would print it in the language of the system. */
const runningState = 4;

/** Results of a task that are no failure: done, still running, not yet run, ended by the user. */
const quietResults = new Set([0, 0x41301, 0x41303, 0x41306]);

const taskAnswer = z.object({ state: z.number(), result: z.number() });

function powershell(script: string): string[] {
  return ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", script];
}

/** Quotes a path so that PowerShell does not expand it. */
function quotePath(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

async function readState(run: CommandRunner): Promise<ServiceState> {
  const { exitCode, stdout } = await run(
    powershell(
      `$task = Get-ScheduledTask -TaskName '${taskName}' -ErrorAction Stop; ` +
        "@{ state = [int]$task.State; result = [long]($task | Get-ScheduledTaskInfo).LastTaskResult } | " +
        "ConvertTo-Json -Compress",
    ),
  );
  if (exitCode !== 0) {
    return { isRunning: false, processId: null, lastEnd: null };
  }
  const { state, result } = taskAnswer.parse(JSON.parse(stdout));
  return {
    isRunning: state === runningState,
    processId: null,
    lastEnd: quietResults.has(result) ? null : `result 0x${result.toString(16)}`,
  };
}

/** The proxy as a scheduled task that starts when its user logs on to Windows. */
export function createScheduledTaskService(place: Place): BackgroundService {
  const user = [place.env["USERDOMAIN"], place.env["USERNAME"]].filter(Boolean).join("\\");
  const definitionPath = win32.join(win32.dirname(locateLogFolder(place)), "service.xml");
  const start = (run: CommandRunner) => runOrFail(run, ["schtasks.exe", "/Run", "/TN", taskName]);
  const stop = async (run: CommandRunner) => {
    if ((await readState(run)).isRunning) {
      await runOrFail(run, ["schtasks.exe", "/End", "/TN", taskName]);
    }
  };
  const restart = async (run: CommandRunner) => {
    await stop(run);
    await start(run);
  };
  return {
    kind: "scheduled task",
    definitionPath,
    links: [],
    encoding: "utf16le",
    afterInstall: [
      "It starts when you log on and stops when you log off. Stopping it cuts off running answers.",
    ],
    buildDefinition: (plan) => buildScheduledTask(plan, user),
    register: async (run) => {
      await runOrFail(run, ["schtasks.exe", "/Create", "/F", "/TN", taskName, "/XML", definitionPath]);
      await restart(run);
    },
    unregister: async (run) => {
      await stop(run);
      await runOrFail(run, ["schtasks.exe", "/Delete", "/F", "/TN", taskName]);
    },
    forget: async () => {},
    start,
    stop,
    restart,
    readState,
    requireSession: async () => {},
    listLogWords: (logFilePath, lines, follow) =>
      powershell(
        `Get-Content -LiteralPath ${quotePath(logFilePath)} -Tail ${lines}${follow ? " -Wait" : ""}`,
      ),
  };
}
