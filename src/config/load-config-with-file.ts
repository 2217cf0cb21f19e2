import { existsSync } from "node:fs";
import { ConfigError } from "./config-error.ts";
import { getCurrentPlace } from "./current-place.ts";
import type { FileLayer } from "./file-layer.ts";
import {
  collectTexts,
  composeConfig,
  type LoadConfigOptions,
  type LoadedConfig,
  type LoadStart,
  startLoading,
} from "./load-config.ts";
import { locateConfigFolder, type Place, pathsOf } from "./locate-folders.ts";

/** Names the file for a service or a container, where no flag does. */
const variable = "CONFIG_FILE";

/**
 * Reads all settings as `loadConfig` does, and below them the configuration file, if there is one: that of the flag, of
 * `CONFIG_FILE`, or `config.yaml` in the clone of `npm start` or in the config folder. Called again with the same options it reads everything anew.
 * @throws ConfigError with a line for every fault found
 */
export async function loadConfigWithFile(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const start = startLoading(options);
  const layer = await findFileLayer(start);
  if (layer === null && options.expectsFile === true) {
    throw new ConfigError([describeGoneFile(findUsualConfigFile(start.place))], "");
  }
  return composeConfig(start, layer);
}

/**
 * Reads the configuration file that is in force; its faults are in the result. Without one nothing is loaded.
 * @returns null if there is none
 * @throws ConfigError if a file is named that does not exist
 */
export async function findFileLayer(start: LoadStart): Promise<FileLayer | null> {
  const path = findConfigFile(start);
  if (path === null) return null;
  const { options, place, envFile } = start;
  const above = collectTexts(options, place.env, envFile);
  const { readFileLayer } = await import("./file/read-file-layer.ts");
  return readFileLayer(path, {
    ...place,
    envValues: envFile?.values ?? {},
    readKeychain: options.readKeychain,
    settingAbove: (name) => above[name]?.text,
  });
}

/** The path of `config.yaml` in the config folder, which need not exist. */
export function findUsualConfigFile(place: Place = getCurrentPlace()): string {
  return pathsOf(place.platform).join(locateConfigFolder(place), "config.yaml");
}

/**
 * The path of the configuration file that is in force; null if there is none.
 * @throws ConfigError if a file is named that does not exist
 */
export function findConfigFile(start: LoadStart): string | null {
  const { options, place, envFile } = start;
  const paths = pathsOf(place.platform);
  const expand = (text: string) => text.replace(/^~(?=[/\\])/, () => place.homeDir);
  if (options.configFile !== undefined) {
    const path = paths.resolve(expand(options.configFile));
    return existsSync(path) ? path : failMissing(`--config ${options.configFile}`, path);
  }
  const inEnvironment = place.env[variable]?.trim() ?? "";
  const inFile = envFile !== null && Object.hasOwn(envFile.values, variable) ? envFile.values[variable] : "";
  const named = inEnvironment === "" ? (inFile?.trim() ?? "") : inEnvironment;
  if (named === "") {
    const inClone = options.cloneFolder === undefined ? [] : [paths.join(options.cloneFolder, "config.yaml")];
    return [...inClone, findUsualConfigFile(place)].find((path) => existsSync(path)) ?? null;
  }
  const origin = `${variable} (from ${inEnvironment === "" ? envFile?.path : "the environment"})`;
  const path = expand(named);
  if (!paths.isAbsolute(path)) {
    throw new ConfigError(
      [`${origin} must be an absolute path or begin with ~/.`],
      "A relative path would mean another file in every folder. Give it by the flag: --config config.yaml",
    );
  }
  return existsSync(path) ? path : failMissing(origin, path);
}

/** Why a configuration without the file that was in force is not taken over: others could reach another upstream. */
export function describeGoneFile(path: string): string {
  return `${path}: there is no such file any more. Put it back, or start the proxy again to do without it.`;
}

function failMissing(origin: string, path: string): never {
  throw new ConfigError([`${origin}: there is no such file`], `The configuration is read from ${path}`);
}
