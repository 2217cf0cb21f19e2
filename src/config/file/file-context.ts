import type { SettingName } from "../config-schema.ts";
import type { Place } from "../locate-folders.ts";
import type { FileText } from "./file-schema.ts";
import type { KeyPath } from "./key-path.ts";

/** What the parts of the file are checked and built with. */
export interface FileContext {
  readonly place: Place;
  /** Those entries of the file that the schema accepts. */
  readonly file: FileText;
  /** The entries of `cases` that are in `file`, by their places in the file. */
  readonly caseIndexes: readonly number[];
  /** The names of all upstreams in the file, of faulty ones too. */
  readonly upstreamNames: readonly string[];
  /** The names of all clients, of faulty ones and of that of PROXY_API_KEY too. */
  readonly clientNames: readonly string[];
  /** The text of a setting that is in force; undefined for the default. */
  readonly settingOf: (name: SettingName) => string | undefined;
  /** The model that a short name of an upstream stands for. */
  readonly findLongName: (upstream: string, model: string) => string | undefined;
  /** The text at a path as it is written in the file, with its references. */
  readonly writtenAt: (path: KeyPath) => unknown;
  /** The text at a path for a message, with a blank behind it; nothing where it may be a secret. */
  readonly show: (path: KeyPath, text: string) => string;
  /** The line of a key, from 1. */
  readonly lineOf: (path: KeyPath) => number;
  /** The text is read after the path and shows no secret. */
  readonly report: (path: KeyPath, text: string) => void;
  readonly warn: (path: KeyPath, text: string) => void;
}
