import { type Command, Option } from "commander";
import { getSettingNote, type SettingName, settingNames } from "../../config/config-schema.ts";

import type { LoadConfigOptions, LoadedConfig } from "../../config/load-config.ts";
import type { ProgramLogger } from "../../logging/logger.ts";
import { createPaint, type Paint } from "../../logging/paint.ts";
import type { ConfigState } from "../../server/config-state.ts";
import type { RunningProxy } from "../../server/start-proxy.ts";
import { CommandError } from "../command-error.ts";
import { composeServeNotes, createHelpText } from "../help-texts.ts";
import type { ReloaderOptions } from "../reload/create-reloader.ts";
import type { ConfigWatch } from "../reload/watch-config.ts";
import { serveUntilSignal } from "../serve-until-signal.ts";
import { notifyServiceManager } from "../service/notify.ts";
import type { StartSummary } from "../start-summary.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

/** The flag of a setting as commander wants it; null for settings that are keys and so have none. */
function createSettingOption(name: SettingName): Option | null {
  const { flag, description, defaultText } = getSettingNote(name);
  if (flag === null) {
    return null;
  }
  const rest = defaultText === null ? "" : `; default: ${defaultText}`;
  return new Option(`${flag} <value>`, `${description} (${name}${rest})`);
}

function collectFlags(values: Readonly<Record<string, unknown>>): Partial<Record<SettingName, string>> {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const option = createSettingOption(name);
    const value = option === null ? undefined : values[option.attributeName()];
    if (typeof value === "string") {
      flags[name] = value;
    }
  }
  return flags;
}

const noKeyFlags =
  "Keys are never read from a flag: other users of the machine can see the flags of a running program. " +
  "Set OPENAI_API_KEY in the environment or the .env file, and PROXY_API_KEY for clients.";

/** Flags that people try, with what to do instead; what is given with them may be a key and is never repeated. */
const refusedFlags: readonly (readonly [string, string])[] = [
  ["--api-key <key>", noKeyFlags],
  ["--openai-api-key <key>", noKeyFlags],
  ["--proxy-api-key <key>", noKeyFlags],
  ["--key <key>", noKeyFlags],
  [
    "--model <name>",
    "There are three models. Use --big-model and --small-model, and --medium-model if you like.",
  ],
];

/** A line about a log file that cannot be opened, before the first request is lost to it; null when it can. */
function findLogFault(logger: ProgramLogger): string | null {
  const reason = logger.openFile();
  return reason === null
    ? null
    : `The log file cannot be written (${reason}). Requests are served, but their records are not kept. ` +
        "Set LOG_FILE_PATH to a file that this user can write.";
}

async function createServeLogger(
  { config, secrets }: LoadedConfig,
  terminal: Terminal,
): Promise<ProgramLogger> {
  const { createLogger } = await import("../../logging/logger.ts");
  return createLogger({
    level: config.logLevel,
    logFilePath: config.logFilePath,
    secrets,
    writeConsole: (line) => terminal.stdout(`${line}\n`),
    useColor: terminal.useColor,
    getColumns: () => terminal.columns,
  });
}

/** Where the proxy was to listen, in the form that the advice about a failure needs. */
function describeWantedAddress({ config, sources }: LoadedConfig, { cloneFolder }: LoadConfigOptions) {
  return {
    host: config.host,
    port: config.port,
    isHostFromEnvironment: sources.get("HOST") === "environment",
    command: cloneFolder === undefined ? "" : "npm start -- ",
  };
}

/** What the text of a start says by the configuration file; nothing is loaded without one. */
async function describeFileConfig(
  { config }: LoadedConfig,
  look: { paint: Paint; columns: number | null },
): Promise<Pick<StartSummary, "fileRows" | "checkModel">> {
  if (config.file === null) return { fileRows: [], checkModel: null };
  const { describeFile } = await import("../../routing/describe-file.ts");
  const { findCheckModel } = await import("../../routing/find-check-model.ts");
  const { formatFile } = await import("../format-file.ts");
  return { fileRows: formatFile(describeFile(config.file), look), checkModel: findCheckModel(config.file) };
}

/** Loads what the text of a successful start needs. */
async function loadStartText(loaded: LoadedConfig, { columns, useColor }: Terminal) {
  const { getCurrentPlace } = await import("../../config/current-place.ts");
  const { formatStartSummary } = await import("../start-summary.ts");
  const look = { paint: createPaint(useColor), columns };
  const ofFile = await describeFileConfig(loaded, look);
  return (url: string, logFault: string | null): string => {
    const { platform, homeDir, env } = getCurrentPlace();
    const warnings = logFault === null ? loaded.warnings : [...loaded.warnings, logFault];
    const place = { platform, homeDir, env };
    return formatStartSummary({ ...loaded, warnings, url, version, ...ofFile, ...place, ...look });
  };
}

/** The reload of a configuration file, before the proxy runs that it is for. */
interface Reload {
  readonly state: ConfigState;
  watch(running: RunningProxy, logger: ProgramLogger): ConfigWatch;
}

/** Loads what a reload needs; null, and nothing is loaded, without a configuration file. */
async function loadReload(
  started: LoadedConfig,
  load: ReloaderOptions["load"],
  startedAt: Date,
): Promise<Reload | null> {
  const { file } = started.config;
  if (file === null) return null;
  const { watchConfig } = await import("../reload/watch-config.ts");
  const state: ConfigState = { path: file.path, loadedAt: startedAt, problem: null, waiting: [] };
  const now = () => new Date();
  return {
    state,
    watch: ({ reconfigure: apply }, logger) =>
      watchConfig({ started, load, apply, logger, state, now }, startedAt),
  };
}

async function serve(options: LoadConfigOptions, terminal: Terminal): Promise<void> {
  const { loadConfigWithFile } = await import("../../config/load-config-with-file.ts");
  const { getRequestLimit } = await import("../../config/request-limit.ts");
  const startedAt = new Date();
  const loaded = await loadConfigWithFile(options);
  const { config } = loaded;
  const fetchLimit = getRequestLimit();

  const { startProxy } = await import("../../server/start-proxy.ts");
  const { ListenError } = await import("../../server/listen-error.ts");
  const { explainListenError } = await import("../explain-listen-error.ts");
  const formatStart = await loadStartText(loaded, terminal);
  const reload = await loadReload(
    loaded,
    () => loadConfigWithFile({ ...options, expectsFile: true }),
    startedAt,
  );

  const logger = await createServeLogger(loaded, terminal);
  let watch: ConfigWatch | null = null;
  try {
    const logFault = findLogFault(logger);
    const configState = reload === null ? {} : { configState: reload.state };
    const running = await startProxy({
      config,
      secrets: loaded.secrets,
      logger,
      version,
      fetchLimit,
      ...configState,
    });
    watch = reload?.watch(running, logger) ?? null;
    // Comes before the message that it serves: a reader of that message may end it at once.
    const announceStop = () => {
      // With nothing under way it ends before anybody could read that it waits.
      if (running.pendingRequests === 0) return;
      terminal.stderr("Stopping when the running requests have ended. Interrupt again to stop at once.\n");
    };
    const stopped = serveUntilSignal(running, announceStop, watch?.onHangUp ?? null);
    terminal.stdout(formatStart(running.url, logFault));
    await notifyServiceManager("READY=1");
    await stopped;
  } catch (error) {
    if (error instanceof ListenError) {
      const wanted = describeWantedAddress(loaded, options);
      throw new CommandError(await explainListenError(error, wanted), 1, { cause: error });
    }
    throw error;
  } finally {
    watch?.close();
    const lostTexts = terminal.lostTexts?.() ?? 0;
    if (lostTexts > 0) logger.warn("the console could not be written", { lostTexts });
    logger.close();
  }
}

/** Adds `claude-proxy serve`, which serves until it is interrupted. */
export function addServeCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command("serve")
    .description("Start the proxy for Claude Code, with the upstream in your settings")
    .addHelpText("before", "Example: claude-proxy serve --port 8081\n")
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file (CONFIG_FILE; default: config.yaml beside .env)")
    .addHelpText("after", createHelpText(terminal, composeServeNotes));
  for (const name of settingNames) {
    const option = createSettingOption(name);
    if (option !== null) {
      command.addOption(option);
    }
  }
  command.addOption(new Option("--clone-folder <path>", "The folder of npm start").hideHelp());
  for (const [flags, advice] of refusedFlags) {
    command.addOption(
      new Option(flags).hideHelp().argParser(() => {
        throw new CommandError(advice, 2);
      }),
    );
  }
  command.action(async (values: Readonly<Record<string, unknown>>) => {
    const { config: configFile, envFile, cloneFolder } = values;
    await serve(
      {
        flags: collectFlags(values),
        ...(typeof envFile === "string" ? { envFile } : {}),
        ...(typeof configFile === "string" ? { configFile } : {}),
        ...(typeof cloneFolder === "string" ? { cloneFolder } : {}),
      },
      terminal,
    );
  });
}
