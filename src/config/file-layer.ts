import type { SettingName } from "./config-schema.ts";
import type { ClientKey, FileConfig } from "./file-config.ts";

/** What a configuration file adds to the settings: the layer below `.env`. */
export interface FileLayer {
  /** Absolute path of the file. */
  readonly path: string;
  /** The settings of `server` that are valid. */
  readonly texts: Readonly<Partial<Record<SettingName, string>>>;
  /** Null if there is any problem. */
  readonly file: FileConfig | null;
  /** One line for each fault: place, key, fault. None shows a secret. */
  readonly problems: readonly string[];
  /** Those of the problems that leave it open where the proxy listens. */
  readonly addressProblems: readonly string[];
  readonly warnings: readonly string[];
  /** The variables that the file reads. */
  readonly variables: ReadonlySet<string>;
  /** Whether it names clients, be they faulty. */
  readonly hasClients: boolean;
  /** The clients whose keys could be found, in the order of the file. */
  readonly clientKeys: readonly ClientKey[];
}
