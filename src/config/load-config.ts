import { buildConfig, type ConfiguredPaths } from "./build-config.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type SettingName, settingNames } from "./config-schema.ts";
import { describePlaces } from "./describe-places.ts";
import { findForeignNames } from "./find-foreign-names.ts";
import { findHomeDir } from "./find-home-dir.ts";
import { findRisks } from "./find-risks.ts";
import type { FoundTexts, SettingSource } from "./found-texts.ts";
import {
  type Environment,
  locateConfigFolder,
  locateLogFolder,
  locateStateFolder,
  type Place,
  pathsOf,
} from "./locate-folders.ts";
import { type KeyLine, locateKeyLine } from "./locate-key-line.ts";
import { describeProblem, parseSettings } from "./parse-settings.ts";
import { type EnvFile, readEnvFile } from "./read-env-file.ts";
import { unsetCommand } from "./unset-command.ts";

export interface LoadConfigOptions {
  /** Values given on the command line, by the setting's name in the environment. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
  /** Reads exactly this `.env` file, which must exist. */
  readonly envFile?: string;
  readonly env?: Environment;
  readonly platform?: NodeJS.Platform;
  readonly homeDir?: string;
  /** Path of the program. An `.env` beside it is read if the config folder has none. */
  readonly executablePath?: string;
  /** The clone whose own `.env` comes before the config folder's: that of `npm start`. */
  readonly cloneFolder?: string;
  /** Its `.env` is not read, but mentioned when settings are missing; default: the process's. */
  readonly currentFolder?: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly sources: ReadonlyMap<SettingName, SettingSource>;
  /** Lines for the user about settings that are allowed but probably not intended. */
  readonly warnings: readonly string[];
  /** The values that must not appear in any output. */
  readonly secrets: readonly string[];
  /** The line from which a shell reads the key that clients need; null if there is none, or it is in no file. */
  readonly clientKeyLine: KeyLine | null;
}

/** The texts that are set anywhere, for each setting the one that wins. */
export function collectTexts(
  options: LoadConfigOptions,
  env: Environment,
  envFile: EnvFile | null,
): FoundTexts {
  const found: { -readonly [Name in SettingName]?: FoundTexts[Name] } = {};
  for (const name of settingNames) {
    const layers: [string | undefined, SettingSource][] = [
      [options.flags?.[name], "flag"],
      [env[name], "environment"],
    ];
    if (envFile !== null && Object.hasOwn(envFile.values, name)) {
      layers.push([envFile.values[name], { file: envFile.path }]);
    }
    for (const [text, source] of layers) {
      if (text !== undefined && text.trim() !== "") {
        found[name] = { text, source };
        break;
      }
    }
  }
  return found;
}

/** Null if the path is relative: it would mean another file in every folder. */
function resolveLogFilePath(setting: string | undefined, place: Place): string | null {
  const paths = pathsOf(place.platform);
  if (setting === undefined) {
    return paths.join(locateLogFolder(place), "claude-proxy.log");
  }
  const path = setting.replace(/^~(?=[/\\])/, () => place.homeDir);
  return paths.isAbsolute(path) ? paths.normalize(path) : null;
}

function locateFiles(logFilePath: string, place: Place): ConfiguredPaths {
  const stateFolder = locateStateFolder(place);
  const logFolders = new Set([pathsOf(place.platform).dirname(logFilePath), locateLogFolder(place)]);
  const formerStateFolders = [...logFolders].filter((folder) => folder !== stateFolder);
  return { logFilePath, stateFolder, formerStateFolders };
}

/** Every key that was set anywhere, including those that another layer overrides. */
function collectSecrets(env: Environment, envFile: EnvFile | null): string[] {
  return ["OPENAI_API_KEY", "PROXY_API_KEY"]
    .flatMap((name) => [env[name] ?? "", envFile?.values[name] ?? ""])
    .filter((value) => value !== "");
}

/** Finds the `.env` file that counts, and the place that is searched first. */
export function findEnvFile(
  options: LoadConfigOptions,
  place: Place,
): { envFile: EnvFile | null; usualPath: string } {
  const paths = pathsOf(place.platform);
  const usualPath = paths.join(locateConfigFolder(place), ".env");
  const besideProgram = paths.join(paths.dirname(options.executablePath ?? process.execPath), ".env");
  const inClone = options.cloneFolder === undefined ? [] : [paths.join(options.cloneFolder, ".env")];
  const candidates =
    options.envFile === undefined ? [...inClone, usualPath, besideProgram] : [paths.resolve(options.envFile)];
  return { envFile: readEnvFile(candidates, place.platform), usualPath };
}

/** Faults that concern neither one setting nor two together. */
export function findOutsideProblems(
  options: LoadConfigOptions,
  place: Place,
  envFile: EnvFile | null,
): string[] {
  const problems = [...(envFile?.problems ?? [])];
  if (envFile === null && options.envFile !== undefined) {
    problems.push(`--env-file ${options.envFile}: there is no such file`);
  }
  if (place.env["BUN_CONFIG_VERBOSE_FETCH"]) {
    problems.push(
      `BUN_CONFIG_VERBOSE_FETCH is set, which would print your key with every request. Run: ${unsetCommand("BUN_CONFIG_VERBOSE_FETCH", place.platform)}`,
    );
  }
  return problems;
}

/**
 * Reads all settings: flags win over the environment, the environment over the `.env` file, and the file over the
 * defaults; an empty value counts as not set. Only this folder reads the environment and `.env`. The current folder is
 * never searched, because users of Claude Code work in repositories they do not trust.
 * @throws ConfigError with a line for every fault found
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  const place: Place = {
    platform: options.platform ?? process.platform,
    homeDir: options.homeDir ?? findHomeDir(),
    env: options.env ?? process.env,
  };
  const { envFile, usualPath } = findEnvFile(options, place);
  const problems = findOutsideProblems(options, place, envFile);
  const found = collectTexts(options, place.env, envFile);
  const { meant, warnings } = findForeignNames(envFile, place.env, found);
  const logFilePath = resolveLogFilePath(found.LOG_FILE_PATH?.text.trim(), place);
  if (logFilePath === null) {
    problems.push(describeProblem("LOG_FILE_PATH", "must be an absolute path or begin with ~/", found));
  }
  // Settings that an unreadable file would have set are not reported as missing.
  const isFileLost = envFile === null ? options.envFile !== undefined : !envFile.isReadable;
  const parsed = parseSettings(found, { meant, mayLack: isFileLost, platform: place.platform });
  if ("problems" in parsed || problems.length > 0 || logFilePath === null) {
    const places = {
      named: options.envFile ?? null,
      cloneFolder: options.cloneFolder ?? null,
      usualPath,
      readPath: envFile?.path ?? null,
      currentFolder: options.currentFolder ?? process.cwd(),
    };
    const isFirstTime = envFile === null && options.envFile === undefined && Object.keys(found).length === 0;
    throw new ConfigError(
      [...problems, ...("problems" in parsed ? parsed.problems : [])],
      describePlaces(places, place, isFirstTime),
    );
  }
  const config = buildConfig(parsed.settings, locateFiles(logFilePath, place), found.BASE_URL?.text);
  return {
    config,
    sources: new Map(settingNames.map((name) => [name, found[name]?.source ?? "default"])),
    warnings: [...(envFile?.warnings ?? []), ...warnings, ...findRisks(config, { ...place, envFile, found })],
    secrets: collectSecrets(place.env, envFile),
    clientKeyLine:
      config.proxyApiKey === null ? null : locateKeyLine(envFile, "PROXY_API_KEY", config.proxyApiKey),
  };
}
