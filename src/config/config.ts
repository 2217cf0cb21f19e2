import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { SettingName, Settings } from "./config-schema.ts";
import type { FileConfig } from "./file-config.ts";
import type { SharedClients } from "./shared-clients.ts";

/** `BASE_URL` as `baseUrl`. */
type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<CamelCase<Rest>>}`
  : Lowercase<Name>;

/** Each setting under its name in camel case, as the schema returns it. */
export type PlainConfig = { [Name in SettingName as CamelCase<Name>]: Settings[Name] };

/** Members that no single setting determines. */
interface DerivedConfig {
  mediumModelName: string;
  /** Null: clients need no key (loopback only). */
  proxyApiKey: string | null;
  /** From sending a request to the first byte of its answer; null: no limit. */
  upstreamFirstByteSeconds: number | null;
  /** Between two pieces of an answer; null: no limit. */
  upstreamIdleSeconds: number | null;
  /** Those of the two limits on silence that nobody has set. */
  usualLimits: { readonly firstByte: boolean; readonly idle: boolean };
  /** The wire that the address named by its path; null if it named none. */
  addressProtocol: ProtocolId | null;
  /** Absolute path of the log file. */
  logFilePath: string;
  /** Absolute path of the folder for what is learned, which the next start reads again. */
  stateFolder: string;
  /**
   * Folders that may have it from earlier versions: beside the log, and the usual folder of the log. The first one
   * wins.
   */
  formerStateFolders: readonly string[];
  /** What the configuration file says; null without one. */
  file: FileConfig | null;
  /** The clients of a shared database, as far as they are known; null without one. */
  shared: SharedClients | null;
}

/**
 * All settings, read once at start and frozen. A plain setting needs only its row in `config-schema.ts`; the meaning of
 * each is documented there.
 */
export type Config = Readonly<Omit<PlainConfig, keyof DerivedConfig> & DerivedConfig>;

export type LogLevel = Config["logLevel"];
