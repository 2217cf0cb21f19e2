import type { ProfileId } from "../profiles/profile.ts";

export type LogLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";

/** All settings, read once at start and frozen. Names in the environment: see `config-schema.ts`. */
export interface Config {
  /** Empty only for a loopback upstream. */
  readonly openaiApiKey: string;
  /** Without a trailing slash, without credentials. */
  readonly baseUrl: string;
  readonly bigModelName: string;
  readonly mediumModelName: string;
  readonly smallModelName: string;
  readonly upstreamProfile: ProfileId | "auto";
  readonly refererUrl: string;
  readonly appName: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Null: clients need no key (loopback only). */
  readonly proxyApiKey: string | null;
  /** Tokens; the ceiling for `max_tokens`. */
  readonly maxOutputTokens: number;
  /** Requests that may run at the same time; one more is told to come back later. */
  readonly maxConcurrentRequests: number;
  /** From sending a request to the first byte of its answer; null: however long it takes. */
  readonly upstreamFirstByteSeconds: number | null;
  /** Between two pieces of an answer; null: however long it takes. */
  readonly upstreamIdleSeconds: number | null;
  readonly logLevel: LogLevel;
  /** Absolute path of the log file. */
  readonly logFilePath: string;
  /** Absolute path of the folder for what is learned, which the next start reads again. */
  readonly stateFolder: string;
  /** Where it may lie from earlier: beside the log, and where the log usually is. The first one wins. */
  readonly formerStateFolders: readonly string[];
}
