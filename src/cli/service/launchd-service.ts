import { posix } from "node:path";
import type { Place } from "../../config/locate-folders.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import { CommandError } from "../command-error.ts";
import type { BackgroundService, ServiceState } from "./background-service.ts";
import { buildLaunchdPlist, launchdLabel, locateErrorFile } from "./launchd-plist.ts";
import { type CommandRunner, runOrFail } from "./run-command.ts";
import { stopSeconds } from "./service-plan.ts";

const pollMs = 200;

/** Source: launchctl(1), `print`. Its output is meant for people; these two lines have been there since 10.10. */
function parseState(output: string): ServiceState {
  const processId = /^\s*pid = (\d+)$/m.exec(output)?.[1];
  const lastExit = /^\s*last exit code = (.+)$/m.exec(output)?.[1];
  return {
    isRunning: /^\s*state = running$/m.test(output),
    processId: readWholeNumber(processId),
    lastEnd:
      lastExit === undefined || /^(?:0|\(never exited\))$/.test(lastExit) ? null : `exit code ${lastExit}`,
  };
}

/** launchctl returns before the service has ended. */
async function waitUntil(isReached: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isReached()); waitedMs += pollMs) {
    if (waitedMs > stopSeconds * 1000) {
      throw new CommandError(`The service did not stop within ${stopSeconds} seconds.`, 1);
    }
    await Bun.sleep(pollMs);
  }
}

/** The proxy as a launchd agent of one user. */
export function createLaunchdService(place: Place, userId: number): BackgroundService {
  const domain = `gui/${userId}`;
  const target = `${domain}/${launchdLabel}`;
  const definitionPath = posix.join(place.homeDir, "Library", "LaunchAgents", `${launchdLabel}.plist`);
  const print = (run: CommandRunner) => run(["launchctl", "print", target]);

  async function stop(run: CommandRunner): Promise<void> {
    if (!parseState((await print(run)).stdout).isRunning) {
      return;
    }
    // The proxy ends with exit code 0, after which launchd does not restart it (SuccessfulExit).
    await runOrFail(run, ["launchctl", "kill", "SIGTERM", target]);
    await waitUntil(async () => !parseState((await print(run)).stdout).isRunning);
  }

  async function unregister(run: CommandRunner): Promise<void> {
    if ((await print(run)).exitCode !== 0) {
      return;
    }
    await runOrFail(run, ["launchctl", "bootout", target]);
    await waitUntil(async () => (await print(run)).exitCode !== 0);
  }

  const start = (run: CommandRunner) => runOrFail(run, ["launchctl", "kickstart", target]);
  return {
    kind: "launchd agent",
    definitionPath,
    links: [],
    encoding: "utf8",
    afterInstall: ["It starts when you log in and stops when you log out."],
    buildDefinition: buildLaunchdPlist,
    register: async (run) => {
      await unregister(run);
      await runOrFail(run, ["launchctl", "enable", target]);
      await runOrFail(run, ["launchctl", "bootstrap", domain, definitionPath]);
    },
    unregister,
    forget: async () => {},
    start,
    stop,
    restart: async (run) => {
      await stop(run);
      await start(run);
    },
    readState: async (run) => parseState((await print(run)).stdout),
    requireSession: async () => {},
    listLogWords: (logFilePath, lines, follow) => [
      "tail",
      "-n",
      String(lines),
      ...(follow ? ["-F"] : []),
      locateErrorFile(logFilePath),
      logFilePath,
    ],
  };
}
