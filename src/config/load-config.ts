import { homedir } from "node:os";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import {
  configSchema,
  getSettingNote,
  type SettingName,
  type Settings,
  settingNames,
} from "./config-schema.ts";
import { findConflicts, findRisks } from "./find-risks.ts";
import {
  type Environment,
  locateConfigFolder,
  locateLogFolder,
  type Place,
  pathsOf,
} from "./locate-folders.ts";
import { type EnvFile, readEnvFile } from "./read-env-file.ts";

/** Where a value came from. */
export type SettingSource = "flag" | "environment" | { readonly file: string } | "default";

export interface LoadConfigOptions {
  /** Values given on the command line, by the setting's name in the environment. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
  /** Exactly this `.env` file is read, and it must exist. */
  readonly envFile?: string;
  readonly env?: Environment;
  readonly platform?: NodeJS.Platform;
  readonly homeDir?: string;
  /** An `.env` beside the program is read when the config folder has none. */
  readonly executablePath?: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly sources: ReadonlyMap<SettingName, SettingSource>;
  /** Lines for the user about what is allowed but probably not meant. */
  readonly warnings: readonly string[];
  /** The values that may appear in no output. */
  readonly secrets: readonly string[];
}

type FoundValues = Partial<Record<SettingName, { value: string; source: SettingSource }>>;

function collectValues(options: LoadConfigOptions, env: Environment, envFile: EnvFile | null): FoundValues {
  const found: FoundValues = {};
  for (const name of settingNames) {
    const layers: [string | undefined, SettingSource][] = [
      [options.flags?.[name], "flag"],
      [env[name], "environment"],
    ];
    if (envFile !== null && Object.hasOwn(envFile.values, name)) {
      layers.push([envFile.values[name], { file: envFile.path }]);
    }
    for (const [value, source] of layers) {
      if (value !== undefined && value.trim() !== "") {
        found[name] = { value, source };
        break;
      }
    }
  }
  return found;
}

function nameSource(name: SettingName, source: SettingSource): string {
  if (source === "flag") {
    return ` (from ${getSettingNote(name).flag})`;
  }
  if (source === "environment") {
    return " (from the environment)";
  }
  return source === "default" ? "" : ` (from ${source.file})`;
}

function describeProblem(name: SettingName, fault: string, found: FoundValues): string {
  const note = getSettingNote(name);
  const given = found[name];
  const value = given !== undefined && note.mayBeShown ? `=${JSON.stringify(given.value.slice(0, 60))}` : "";
  const source = given === undefined ? "" : nameSource(name, given.source);
  return `${name}${value} ${fault}${source}. Example: ${name}=${note.example}`;
}

function parseSettings(found: FoundValues): { settings: Settings } | { problems: string[] } {
  const texts = Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]));
  const parsed = configSchema.safeParse(texts);
  if (parsed.success) {
    return { settings: parsed.data };
  }
  const problems = new Map<SettingName, string>();
  for (const issue of parsed.error.issues) {
    const name = settingNames.find((candidate) => candidate === issue.path[0]);
    if (name !== undefined && !problems.has(name)) {
      problems.set(name, describeProblem(name, issue.message, found));
    }
  }
  return { problems: [...problems.values()] };
}

/** Null when the path is relative: it would mean another file in every folder. */
function resolveLogFilePath(setting: string | undefined, place: Place): string | null {
  const paths = pathsOf(place.platform);
  if (setting === undefined) {
    return paths.join(locateLogFolder(place), "claude-proxy.log");
  }
  const path = setting.replace(/^~(?=[/\\])/, () => place.homeDir);
  return paths.isAbsolute(path) ? paths.normalize(path) : null;
}

function buildConfig(settings: Settings, logFilePath: string): Config {
  return Object.freeze({
    openaiApiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.BASE_URL,
    bigModelName: settings.BIG_MODEL_NAME,
    mediumModelName: settings.MEDIUM_MODEL_NAME ?? settings.BIG_MODEL_NAME,
    smallModelName: settings.SMALL_MODEL_NAME,
    upstreamProfile: settings.UPSTREAM_PROFILE,
    refererUrl: settings.REFERER_URL,
    appName: settings.APP_NAME,
    host: settings.HOST,
    port: settings.PORT,
    proxyApiKey: settings.PROXY_API_KEY ?? null,
    maxOutputTokens: settings.MAX_OUTPUT_TOKENS,
    logLevel: settings.LOG_LEVEL,
    logFilePath,
  });
}

/** Every key that was set anywhere, those included that lost to another layer. */
function collectSecrets(env: Environment, envFile: EnvFile | null): string[] {
  return ["OPENAI_API_KEY", "PROXY_API_KEY"]
    .flatMap((name) => [env[name] ?? "", envFile?.values[name] ?? ""])
    .filter((value) => value !== "");
}

function findEnvFile(
  options: LoadConfigOptions,
  place: Place,
): { envFile: EnvFile | null; usualPath: string } {
  const paths = pathsOf(place.platform);
  const usualPath = paths.join(locateConfigFolder(place), ".env");
  const besideProgram = paths.join(paths.dirname(options.executablePath ?? process.execPath), ".env");
  const candidates = options.envFile === undefined ? [usualPath, besideProgram] : [options.envFile];
  return { envFile: readEnvFile(candidates, place.platform), usualPath };
}

/** Faults that lie neither in one setting nor between two. */
function findOutsideProblems(
  options: LoadConfigOptions,
  env: Environment,
  envFile: EnvFile | null,
): string[] {
  const problems = [...(envFile?.problems ?? [])];
  if (envFile === null && options.envFile !== undefined) {
    problems.push(`--env-file ${options.envFile}: there is no such file`);
  }
  if (env["BUN_CONFIG_VERBOSE_FETCH"]) {
    problems.push(
      "BUN_CONFIG_VERBOSE_FETCH is set, which would print your key with every request. Run: unset BUN_CONFIG_VERBOSE_FETCH",
    );
  }
  return problems;
}

/**
 * Reads all settings: flags win over the environment, that over the `.env` file, that over the defaults; an empty
 * value counts as not set. This folder is the only reader of the environment and of `.env`. The current folder is
 * never searched, because users of Claude Code stand in repositories they do not trust.
 * @throws ConfigError with a line for every fault found
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  const place: Place = {
    platform: options.platform ?? process.platform,
    homeDir: options.homeDir ?? homedir(),
    env: options.env ?? process.env,
  };
  const { envFile, usualPath } = findEnvFile(options, place);
  const hint = `Settings are read from flags (see: claude-proxy serve --help), the environment, and ${envFile?.path ?? usualPath}`;
  const problems = findOutsideProblems(options, place.env, envFile);
  const found = collectValues(options, place.env, envFile);
  const parsed = parseSettings(found);
  if ("problems" in parsed) {
    throw new ConfigError([...problems, ...parsed.problems], hint);
  }
  const logFilePath = resolveLogFilePath(parsed.settings.LOG_FILE_PATH, place);
  const config = buildConfig(parsed.settings, logFilePath ?? "");
  for (const [name, fault] of findConflicts(config)) {
    problems.push(describeProblem(name, fault, found));
  }
  if (logFilePath === null) {
    problems.push(describeProblem("LOG_FILE_PATH", "must be an absolute path or begin with ~/", found));
  }
  if (problems.length > 0) {
    throw new ConfigError(problems, hint);
  }
  return {
    config,
    sources: new Map(settingNames.map((name) => [name, found[name]?.source ?? "default"])),
    warnings: [...(envFile?.warnings ?? []), ...findRisks(config, place.env, envFile)],
    secrets: collectSecrets(place.env, envFile),
  };
}
