import type { LoadConfigOptions, LoadedConfig } from "../../config/load-config.ts";
import type { ProgramLogger } from "../../logging/logger.ts";
import { createPaint, type Paint } from "../../logging/paint.ts";
import type { ConfigState } from "../../server/config-state.ts";
import type { RunningProxy } from "../../server/start-proxy.ts";
import { CommandError } from "../command-error.ts";
import { endStartPolicy } from "../end-start-policy.ts";
import type { ReloaderOptions } from "../reload/create-reloader.ts";
import type { ConfigWatch } from "../reload/watch-config.ts";
import { serveUntilSignal } from "../serve-until-signal.ts";
import { notifyServiceManager } from "../service/notify.ts";
import type { StartSummary } from "../start-summary.ts";
import type { Terminal } from "../terminal.ts";
import { isBuilt, version } from "../version.ts";

/** How long a server that has begun to listen does nothing but answer, before it says so. */
const answerFirstMs = 1;
/** How long it then waits before it loads what serves messages: many only ask whether it is there. */
const quietStartMs = 25;

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

/** Why the proxy could not listen, as its user is told; any other failure as it is. */
async function explainFailure(
  error: unknown,
  loaded: LoadedConfig,
  options: LoadConfigOptions,
): Promise<unknown> {
  const { ListenError } = await import("../../server/listen-error.ts");
  if (!(error instanceof ListenError)) return error;
  const { explainListenError } = await import("../explain-listen-error.ts");
  const text = await explainListenError(error, describeWantedAddress(loaded, options));
  return new CommandError(text, 1, { cause: error });
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
async function loadStartText(
  loaded: LoadedConfig,
  { configFile, envFile }: LoadConfigOptions,
  { columns, useColor }: Terminal,
) {
  const { getCurrentPlace } = await import("../../config/current-place.ts");
  const { formatStartSummary } = await import("../start-summary.ts");
  const look = { paint: createPaint(useColor), columns };
  const ofFile = await describeFileConfig(loaded, look);
  return (url: string, logFault: string | null): string => {
    const { platform, homeDir, env } = getCurrentPlace();
    const warnings = logFault === null ? loaded.warnings : [...loaded.warnings, logFault];
    const files = {
      ...(configFile === undefined ? {} : { configFile }),
      ...(envFile === undefined ? {} : { envFile }),
    };
    const place = { platform, homeDir, env, files, executablePath: isBuilt ? process.execPath : null };
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

/** Tells a user what the proxy waits for after the signal to stop. */
function announceStop(
  { drainDelaySeconds }: LoadedConfig["config"],
  running: RunningProxy,
  terminal: Terminal,
) {
  const again = "Interrupt again to stop at once.\n";
  if (drainDelaySeconds > 0) {
    terminal.stderr(`Requests are accepted for ${drainDelaySeconds} s more, while /ready says 503. ${again}`);
  } else if (running.pendingRequests > 0) {
    // Otherwise it ends before anybody could read that it waits.
    terminal.stderr(`Stopping when the running requests have ended. ${again}`);
  }
}

/**
 * Serves until a signal ends it.
 * @throws ConfigError for settings that are wrong, before it listens; CommandError if it cannot listen
 */
export async function serve(options: LoadConfigOptions, terminal: Terminal): Promise<void> {
  const { loadConfigWithFile } = await import("../../config/load-config-with-file.ts");
  const { getRequestLimit } = await import("../../config/request-limit.ts");
  const startedAt = new Date();
  const loaded = await loadConfigWithFile(options);
  const { config } = loaded;
  const fetchLimit = getRequestLimit();

  const { startProxy } = await import("../../server/start-proxy.ts");
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
      // From the sources each module is a file, and a crowd of connections can take the last descriptor.
      preparesFirst: !isBuilt,
      drainDelayMs: config.drainDelaySeconds * 1000,
      drainMs: config.drainSeconds * 1000,
      ...configState,
    });
    watch = reload?.watch(running, logger) ?? null;
    // Comes before the message that it serves: a reader of that message may end it at once.
    const announce = () => announceStop(config, running, terminal);
    const stopped = serveUntilSignal(running, announce, watch?.onHangUp ?? null);
    // Who waits for the port is answered first. Without a pause, all that follows would come before that.
    await Bun.sleep(answerFirstMs);
    const formatStart = await loadStartText(loaded, options, terminal);
    terminal.stdout(formatStart(running.url, logFault));
    await notifyServiceManager("READY=1");
    const isOver = await Promise.race([stopped.then(() => true), Bun.sleep(quietStartMs)]);
    if (isOver === true) return;
    await running.prepare();
    endStartPolicy();
    await stopped;
  } catch (error) {
    throw await explainFailure(error, loaded, options);
  } finally {
    watch?.close();
    const lostTexts = terminal.lostTexts?.() ?? 0;
    if (lostTexts > 0) logger.warn("the console could not be written", { lostTexts });
    logger.close();
  }
}
