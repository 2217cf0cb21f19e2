import { buildConfig } from "./build-config.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type SettingName, settingNames } from "./config-schema.ts";
import { describePlaces } from "./describe-places.ts";
import type { ClientKey } from "./file-config.ts";
import type { FileLayer } from "./file-layer.ts";
import { findForeignNames } from "./find-foreign-names.ts";
import { findHomeDir } from "./find-home-dir.ts";
import { findRisks } from "./find-risks.ts";
import type { FoundTexts, SettingSource } from "./found-texts.ts";
import {
  type Environment,
  locateConfigFolder,
  locateFiles,
  locateLogFolder,
  type Place,
  pathsOf,
} from "./locate-folders.ts";
import { type KeyLine, locateKeyLine } from "./locate-key-line.ts";
import { describeProblem, parseSettings, simpleSettings, withoutSimple } from "./parse-settings.ts";
import { type EnvFile, readEnvFile } from "./read-env-file.ts";
import { secretsOfUrl } from "./secrets-of-url.ts";
import { unsetCommand } from "./unset-command.ts";

export interface LoadConfigOptions {
  /** Values given on the command line, by the setting's name in the environment. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
  /** Reads exactly this `.env` file, which must exist. */
  readonly envFile?: string;
  /** Reads exactly this configuration file, which must exist. */
  readonly configFile?: string;
  /** A configuration file was in force before, so that its absence is a fault and not the simple case. */
  readonly expectsFile?: boolean;
  readonly env?: Environment;
  readonly platform?: NodeJS.Platform;
  readonly homeDir?: string;
  /** Path of the program. An `.env` beside it is read if the config folder has none. */
  readonly executablePath?: string;
  /** The clone whose own `.env` and `config.yaml` come before the config folder's: that of `npm start`. */
  readonly cloneFolder?: string;
  /** Its `.env` is not read, but mentioned when settings are missing; default: the process's. */
  readonly currentFolder?: string;
  /** Reads an entry of the system's key store, null if there is none; default: that of Bun. */
  readonly readKeychain?: (name: string) => Promise<string | null>;
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
  /** The clients of the configuration file whose keys could be found, with their keys. */
  readonly clientKeys: readonly ClientKey[];
  /** Absolute path of the configuration file in force; null without one. */
  readonly configPath: string | null;
  /** Path of the `.env` file that was read; null if none was. */
  readonly envPath: string | null;
}

/** Where the settings come from, before they are checked. */
export interface LoadStart {
  readonly options: LoadConfigOptions;
  readonly place: Place;
  readonly envFile: EnvFile | null;
  /** The path of the config folder's `.env`. */
  readonly usualPath: string;
}

/** Finds this machine's place and the `.env` file that counts. Throws ConfigError if there is no home folder. */
export function startLoading(options: LoadConfigOptions): LoadStart {
  const place: Place = {
    platform: options.platform ?? process.platform,
    homeDir: options.homeDir ?? findHomeDir(),
    env: options.env ?? process.env,
  };
  return { options, place, ...findEnvFile(options, place) };
}

/** The texts that are set anywhere, for each setting the one that wins. */
export function collectTexts(
  options: LoadConfigOptions,
  env: Environment,
  envFile: EnvFile | null,
  layer: Pick<FileLayer, "path" | "texts"> | null = null,
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
    if (layer !== null) layers.push([layer.texts[name], { file: layer.path }]);
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

/** Every key that was set anywhere, including those that another layer overrides. */
function collectSecrets(env: Environment, envFile: EnvFile | null): string[] {
  const valuesOf = (name: string) => [env[name] ?? "", envFile?.values[name] ?? ""];
  const keys = ["OPENAI_API_KEY", "PROXY_API_KEY"].flatMap(valuesOf);
  const addresses = ["BASE_URL", "RECORD"].flatMap(valuesOf);
  return [...keys, ...addresses.flatMap(secretsOfUrl)].filter((value) => value !== "");
}

/** Finds the `.env` file that counts, and the place that is searched first. */
function findEnvFile(
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
 * never searched, because users of Claude Code work in repositories they do not trust. A configuration file is not
 * read: `loadConfigWithFile` does that too.
 * @throws ConfigError with a line for every fault found
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  return composeConfig(startLoading(options), null);
}

/**
 * Checks what the layers say, the configuration file among them, and builds the configuration.
 * @throws ConfigError with a line for every fault found
 */
export function composeConfig(start: LoadStart, layer: FileLayer | null): LoadedConfig {
  const { options, place, envFile } = start;
  const problems = [...findOutsideProblems(options, place, envFile), ...(layer?.problems ?? [])];
  const found = collectTexts(options, place.env, envFile, layer);
  const { meant, warnings } = findForeignNames(envFile, place.env, found, layer !== null);
  const logFilePath = resolveLogFilePath(found.LOG_FILE_PATH?.text.trim(), place);
  if (logFilePath === null) {
    problems.push(describeProblem("LOG_FILE_PATH", "must be an absolute path or begin with ~/", found));
  }
  // Settings that an unreadable file would have set are not reported as missing.
  const isFileLost = envFile === null ? options.envFile !== undefined : !envFile.isReadable;
  const parsed = parseSettings(layer === null ? found : withoutSimple(found), {
    meant,
    mayLack: isFileLost,
    platform: place.platform,
    file: layer,
  });
  if ("problems" in parsed || problems.length > 0 || logFilePath === null) {
    const own = "problems" in parsed ? parsed.problems : [];
    throw new ConfigError([...problems, ...own], describeSources(start, found, layer));
  }
  const paths = locateFiles(logFilePath, place);
  const config = buildConfig(parsed.settings, paths, found.BASE_URL?.text, layer?.file ?? null);
  const risks = findRisks(config, { ...place, envFile, found });
  return {
    config,
    sources: new Map(settingNames.map((name) => [name, found[name]?.source ?? "default"])),
    warnings: [
      ...(envFile?.warnings ?? []),
      ...(layer === null ? [] : listFileWarnings(layer, found)),
      ...warnings,
      ...risks,
    ],
    secrets: [...collectSecrets(place.env, envFile), ...(layer?.file?.secrets ?? [])],
    clientKeyLine:
      config.proxyApiKey === null ? null : locateKeyLine(envFile, "PROXY_API_KEY", config.proxyApiKey),
    clientKeys: layer?.clientKeys ?? [],
    configPath: layer?.path ?? null,
    envPath: envFile?.path ?? null,
  };
}

/** Where settings are read from, for the end of a message about faults. */
function describeSources(
  { options, place, envFile, usualPath }: LoadStart,
  found: FoundTexts,
  layer: FileLayer | null,
) {
  if (layer !== null) {
    return `Settings are read from flags, the environment, ${envFile?.path ?? usualPath}, and ${layer.path}`;
  }
  const places = {
    named: options.envFile ?? null,
    cloneFolder: options.cloneFolder ?? null,
    usualPath,
    readPath: envFile?.path ?? null,
    currentFolder: options.currentFolder ?? process.cwd(),
  };
  const isNamed = options.envFile !== undefined || simpleSettings.some((name) => found[name] !== undefined);
  return describePlaces(places, place, envFile === null && !isNamed);
}

/** The file's own warnings, and the settings that make no upstream beside it; one that the file reads is of use. */
function listFileWarnings({ path, warnings, variables }: FileLayer, found: FoundTexts): string[] {
  const unused = simpleSettings.filter((name) => found[name] !== undefined && !variables.has(name));
  if (unused.length === 0) return [...warnings];
  const verb = unused.length === 1 ? "is" : "are";
  const text = `${unused.join(", ")} ${verb} set but not used: ${path} says which upstreams there are.`;
  return [...warnings, text];
}
