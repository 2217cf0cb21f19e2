import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { describeGoneFile } from "../../config/load-config-with-file.ts";
import type { ProgramLogger } from "../../logging/logger.ts";
import type { ConfigState } from "../../server/config-state.ts";
import { formatTime } from "../format-time.ts";
import { findExposure, keepStartSettings } from "./keep-start-settings.ts";

export interface ReloaderOptions {
  /** What the server was started with. */
  readonly started: LoadedConfig;
  /** Reads everything anew; throws ConfigError. */
  readonly load: () => LoadedConfig | Promise<LoadedConfig>;
  /** Brings a configuration into force for the requests that come from now on. */
  readonly apply: (config: Config) => Promise<void>;
  readonly logger: Pick<ProgramLogger, "info" | "warn" | "error" | "addSecrets">;
  /** Is kept up to date. */
  readonly state: ConfigState;
  readonly now: () => Date;
}

/** Why the configuration is read anew: somebody has written the file, or has asked for it with a signal. */
export type ReloadReason = "edit" | "signal";

/** Most problems that are told in lines; `status` tells them all. */
const mostTold = 20;

/**
 * Creates what reads the configuration anew and brings it into force, or says once why that cannot be. A signal is
 * always answered, even where nothing is new.
 * @returns a function that never fails; what is asked for while it is at work is done after that
 */
export function createReloader(options: ReloaderOptions): (reason: ReloadReason) => Promise<void> {
  const { started, load, apply, logger, state, now } = options;
  const file = { file: state.path };
  let current = started;
  let working: Promise<void> = Promise.resolve();

  const accept = async (loaded: LoadedConfig, reason: ReloadReason): Promise<void> => {
    const { config, waiting } = keepStartSettings(started.config, loaded.config);
    const fault = findFault(config, state.path);
    if (fault !== null) return refuse([fault], reason);
    const isNew = !Bun.deepEquals(config, current.config, true);
    logger.addSecrets(loaded.secrets);
    if (isNew) await apply(config);
    if (isNew || state.problem !== null) logger.info("the changed configuration is in force", file);
    else if (reason === "signal") logger.info("the configuration is unchanged", file);
    for (const warning of loaded.warnings) {
      if (!current.warnings.includes(warning) && !isAboutSetting(warning, waiting)) logger.warn(warning);
    }
    if (waiting.some((name) => !state.waiting.includes(name))) {
      logger.warn(`changed, but read only when the proxy starts: ${waiting.join(", ")}`);
    }
    current = { ...loaded, config };
    Object.assign(state, { loadedAt: now(), problem: null, waiting });
  };

  const refuse = (problems: readonly string[], reason: ReloadReason): void => {
    const isKnown = state.problem?.join("\n") === problems.join("\n");
    state.problem = problems;
    if (isKnown && reason === "edit") return;
    const since = formatTime(state.loadedAt);
    logger.error(
      `the changed configuration is not taken over: the one read at ${since} stays in force`,
      file,
    );
    for (const problem of problems.slice(0, mostTold)) logger.error(problem);
    if (problems.length > mostTold) logger.error(`and ${problems.length - mostTold} more problems`);
  };

  const reload = async (reason: ReloadReason): Promise<void> => {
    let step = "read";
    try {
      const loaded = await load();
      step = "brought into force";
      await accept(loaded, reason);
    } catch (error) {
      refuse(error instanceof ConfigError ? error.problems : [describeFailure(step, error)], reason);
    }
  };

  return (reason) => {
    working = working.then(() => reload(reason));
    return working;
  };
}

/** Whether a warning is about a setting that counts from the next start on only; it begins with the setting's name. */
function isAboutSetting(warning: string, names: readonly string[]): boolean {
  return names.some((name) => warning.startsWith(`${name.toUpperCase()} `));
}

/** Why this configuration may not come into force while the server runs, or null. */
function findFault(config: Config, path: string): string | null {
  const { file } = config;
  // Without its file the proxy would have another upstream, and maybe no clients.
  if (file === null) return describeGoneFile(path);
  if (file.path !== path) return `${file.path} is named now in the place of ${path}: start the proxy again`;
  return findExposure(config);
}

function describeFailure(step: string, error: unknown): string {
  return `The configuration cannot be ${step}: ${error instanceof Error ? error.message : String(error)}`;
}
