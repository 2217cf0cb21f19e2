import { dirname } from "node:path";
import { ConfigError } from "../../config/config-error.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { loadConfigWithFile } from "../../config/load-config-with-file.ts";
import { type Environment, locateConfigFolder, type Place, pathsOf } from "../../config/locate-folders.ts";
import { startVariables } from "../../config/request-limit.ts";
import { CommandError } from "../command-error.ts";
import { locateProgram } from "./locate-program.ts";
import type { ServicePlan } from "./service-plan.ts";

/** The variables that locate files. A service sees no other variables of the user's shell. */
const folderVariables = ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"];

function pickFolderVariables(env: Environment): Record<string, string> {
  return Object.fromEntries(
    folderVariables.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

/** The files that a user or an installed service names; those that `serve` would find are the default. */
export interface ServiceFiles {
  readonly envFile?: string;
  readonly configFile?: string;
}

export interface ServiceSettings {
  readonly loaded: LoadedConfig;
  /** Absolute path of the `.env` file; null if there is none. */
  readonly envFile: string | null;
  /** Absolute path of the configuration file; null if there is none. */
  readonly configFile: string | null;
}

/**
 * Loads the settings as the service will see them: from files alone.
 * @throws CommandError with the remedy if they do not allow a start
 */
export async function loadServiceSettings(
  place: Place,
  executablePath: string,
  named: ServiceFiles = {},
): Promise<ServiceSettings> {
  const paths = pathsOf(place.platform);
  const files = Object.fromEntries(Object.entries(named).map(([name, path]) => [name, paths.resolve(path)]));
  const usualPath = paths.join(locateConfigFolder(place), ".env");
  const read = Object.keys(files).length === 0 ? usualPath : Object.values(files).join(" and ");
  const hint = `A service does not see the settings in your shell. It reads them from ${read}`;
  try {
    const loaded = await loadConfigWithFile({
      ...files,
      env: pickFolderVariables(place.env),
      platform: place.platform,
      homeDir: place.homeDir,
      executablePath,
    });
    const { configPath: configFile, envPath } = loaded;
    const source = loaded.sources.get("BIG_MODEL_NAME");
    if (configFile === null && (source === undefined || typeof source === "string")) {
      throw new CommandError(hint, 2);
    }
    if (loaded.config.port === 0) {
      throw new CommandError(`PORT: a service needs the same port every time, for example 8080\n${hint}`, 2);
    }
    return { loaded, envFile: envPath === null ? null : paths.resolve(envPath), configFile };
  } catch (error) {
    if (error instanceof ConfigError) {
      throw new CommandError([...error.problems, hint].join("\n"), 2, { cause: error });
    }
    throw error;
  }
}

/** Plans what the service will run, with the loaded settings. */
export function planService(
  place: Place,
  executablePath: string,
  settings: ServiceSettings,
  madeFolders: string[],
): ServicePlan {
  return {
    programPath: locateProgram(executablePath, place),
    envFile: settings.envFile,
    configFile: settings.configFile,
    logFilePath: settings.loaded.config.logFilePath,
    stateFolder: settings.loaded.config.stateFolder,
    environment: { ...pickFolderVariables(place.env), ...startVariables },
    madeFolders,
  };
}

/** The folders that the service may write; each must exist before it starts. */
export function listWritableFolders({ loaded }: ServiceSettings): string[] {
  return [dirname(loaded.config.logFilePath), loaded.config.stateFolder];
}
