import type { Command } from "commander";
import { getCurrentPlace } from "../../config/current-place.ts";
import { foldText } from "../../logging/fold-text.ts";
import { CommandError } from "../command-error.ts";
import { type ConfigFlags, readConfigFlags } from "../config/config-flags.ts";
import type { BackgroundService } from "../service/background-service.ts";
import type { ServiceTask } from "../service/install-service.ts";
import type { CommandRunner } from "../service/run-command.ts";
import type { Terminal } from "../terminal.ts";
import { isBuilt } from "../version.ts";

interface InstallOptions extends ConfigFlags {
  readonly print?: boolean;
  readonly asRoot?: boolean;
}

interface LogOptions {
  readonly lines: string;
  readonly follow?: boolean;
}

/** -1 on Windows, where users have no numeric ids. */
function getUserId(): number {
  return process.getuid?.() ?? -1;
}

async function createTask(): Promise<ServiceTask> {
  const { createCommandRunner } = await import("../service/run-command.ts");
  const { selectService } = await import("../service/select-service.ts");
  const place = getCurrentPlace();
  return {
    service: selectService(place, getUserId()),
    place,
    run: createCommandRunner(place.env),
    executablePath: process.execPath,
  };
}

async function install(options: InstallOptions, terminal: Terminal): Promise<void> {
  const { buildNewDefinition, installService } = await import("../service/install-service.ts");
  const { loadServiceSettings } = await import("../service/plan-service.ts");
  if (!isBuilt) {
    throw new CommandError("A service needs the built program. Run: npm run build", 2);
  }
  const task = await createTask();
  const flags = readConfigFlags(options);
  const settings = await loadServiceSettings(task.place, task.executablePath, flags);
  if (options.print === true) {
    terminal.stdout(buildNewDefinition(task, settings));
    return;
  }
  if (getUserId() === 0 && options.asRoot !== true) {
    throw new CommandError(
      "The service would run as root, which it does not need. Run this as your own user, without sudo. " +
        "If you do want root: --as-root",
      2,
    );
  }
  await installService(task, settings);
  const { service } = task;
  terminal.stdout(
    [
      `claude-proxy is installed as a ${service.kind} and runs.`,
      ...service.afterInstall,
      "",
      "Its status:   claude-proxy service status",
      "Its log:      claude-proxy service logs",
      "",
    ].join("\n"),
  );
}

async function uninstall(terminal: Terminal): Promise<void> {
  const { uninstallService } = await import("../service/install-service.ts");
  const texts = {
    none: "No service is installed.",
    removed: "The service is removed. Your settings, the log and what it learned are still there.",
    unasked:
      "The service is removed. Your settings, the log and what it learned are still there. You have no session here in which the system " +
      "could stop it: if it runs in another session, it ends with that session.",
  };
  const text = texts[await uninstallService(await createTask())];
  terminal.stdout(`${foldText(text, terminal.columns)}\n`);
}

async function control(
  act: (service: BackgroundService, run: CommandRunner) => Promise<void>,
  done: string,
  terminal: Terminal,
): Promise<void> {
  const { requireInstalled } = await import("../service/install-service.ts");
  const { service, run } = await createTask();
  requireInstalled(service);
  await act(service, run);
  terminal.stdout(`${done}\n`);
}

async function showStatus(terminal: Terminal): Promise<void> {
  const { loadInstalledSettings } = await import("../service/install-service.ts");
  const { describeService } = await import("../service/describe-service.ts");
  const { askProxy, formatLocalUrl } = await import("../ask-proxy.ts");
  const task = await createTask();
  const settings = await loadInstalledSettings(task);
  const url = formatLocalUrl(settings.loaded.config);
  const state = await task.service.readState(task.run);
  const answer = state.isRunning ? await askProxy(url) : null;
  terminal.stdout(describeService({ service: task.service, state, settings, url, answer }));
  if (answer === null) {
    throw new CommandError("", 1);
  }
}

async function showLogs(options: LogOptions, terminal: Terminal): Promise<void> {
  const { loadInstalledSettings } = await import("../service/install-service.ts");
  const { showOutput } = await import("../service/run-command.ts");
  if (!/^[1-9]\d{0,6}$/.test(options.lines)) {
    throw new CommandError(`--lines ${options.lines}: must be a whole number, for example 50`, 2);
  }
  const task = await createTask();
  const { loaded } = await loadInstalledSettings(task);
  const { logFilePath } = loaded.config;
  terminal.stdout(`The log of every request: ${logFilePath}\n`);
  await task.service.requireSession(task.run);
  const words = task.service.listLogWords(logFilePath, Number(options.lines), options.follow === true);
  await showOutput(task.place.env, words);
}

/** Adds `claude-proxy service`, which keeps the proxy running in the background, with its subcommands. */
export function addServiceCommand(program: Command, terminal: Terminal): void {
  const service = program
    .command("service")
    .description("Keep the proxy running in the background")
    .addHelpText("before", "Example: claude-proxy service install\n");
  service
    .command("install")
    .addHelpText("before", "Example: claude-proxy service install --print\n")
    .description("Install the service and start it, now and whenever you log in")
    .option("--env-file <path>", "The file with the settings, if it is not in the usual place")
    .option("--config <path>", "The configuration file, if it is not in the usual place")
    .option("--print", "Show the file that would be written, and change nothing")
    .option("--as-root", "Install it even though it will run as root")
    .action((options: InstallOptions) => install(options, terminal));
  service
    .command("uninstall")
    .addHelpText("before", "Example: claude-proxy service uninstall\n")
    .description("Stop the service and remove it; settings and log stay")
    .action(() => uninstall(terminal));
  service
    .command("start")
    .addHelpText("before", "Example: claude-proxy service start\n")
    .description("Start the service")
    .action(() => control((found, run) => found.start(run), "The service is started.", terminal));
  service
    .command("stop")
    .addHelpText("before", "Example: claude-proxy service stop\n")
    .description("Stop the service until you log in again")
    .action(() => control((found, run) => found.stop(run), "The service is stopped.", terminal));
  service
    .command("restart")
    .addHelpText("before", "Example: claude-proxy service restart\n")
    .description(
      "Restart the service, for example after you have changed its settings or upgraded the program",
    )
    .action(() => control((found, run) => found.restart(run), "The service is restarted.", terminal));
  service
    .command("status")
    .addHelpText("before", "Example: claude-proxy service status\n")
    .description("Show what runs, since when, its address and its log; exit code 1 if it does not run")
    .action(() => showStatus(terminal));
  service
    .command("logs")
    .addHelpText("before", "Example: claude-proxy service logs --follow\n")
    .description("Show the latest output of the service")
    .option("-n, --lines <count>", "How many lines", "50")
    .option("-f, --follow", "Keep showing new output")
    .action((options: LogOptions) => showLogs(options, terminal));
}
