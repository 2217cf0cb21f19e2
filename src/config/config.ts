import type { SettingName, Settings } from "./config-schema.ts";

/** `BASE_URL` as `baseUrl`. */
type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<CamelCase<Rest>>}`
  : Lowercase<Name>;

/** Each setting under its own name in camel case, as the schema gives it. */
export type PlainConfig = { [Name in SettingName as CamelCase<Name>]: Settings[Name] };

/** What a setting alone does not say. */
interface DerivedConfig {
  mediumModelName: string;
  /** Null: clients need no key (loopback only). */
  proxyApiKey: string | null;
  /** From sending a request to the first byte of its answer; null: no limit. */
  upstreamFirstByteSeconds: number | null;
  /** Between two pieces of an answer; null: no limit. */
  upstreamIdleSeconds: number | null;
  /** Absolute path of the log file. */
  logFilePath: string;
  /** Absolute path of the folder for what is learned, which the next start reads again. */
  stateFolder: string;
  /** Where it may lie from earlier: beside the log, and where the log usually is. The first one wins. */
  formerStateFolders: readonly string[];
}

/**
 * All settings, read once at start and frozen. A plain setting needs its row in `config-schema.ts` only; there stands
 * what each means.
 */
export type Config = Readonly<Omit<PlainConfig, keyof DerivedConfig> & DerivedConfig>;

export type LogLevel = Config["logLevel"];
