import type { LoadConfigOptions } from "../config/load-config.ts";

import type { RecordFilter } from "../record/record-filter.ts";
import type { RecordPlace } from "../record/record-place.ts";
import type { ListQuery, RecordReader } from "../record/record-reader.ts";
import { CommandError } from "./command-error.ts";

/** Where the settings are, if the user has named a file. */
type SettingsFiles = Pick<LoadConfigOptions, "configFile" | "envFile">;

/** The record of this user. */
export interface FoundRecord {
  readonly place: RecordPlace;
  /** False if no proxy has recorded anything yet. */
  readonly exists: boolean;
  readonly reader: RecordReader;
}

/**
 * Finds the record: the file in the state folder, or the database that RECORD names. Needs no other settings.
 * @throws CommandError if a database cannot be reached
 */
export async function findRecord(options: SettingsFiles = {}): Promise<FoundRecord> {
  const { getCurrentPlace } = await import("../config/current-place.ts");
  const { loadRecordPlace } = await import("../config/load-record-place.ts");
  const { locateRecord } = await import("../config/locate-folders.ts");
  const { openRecordReader } = await import("../record/open-record-reader.ts");
  const { selectRecordPlace } = await import("../record/record-place.ts");
  const place = selectRecordPlace(await loadRecordPlace(options), locateRecord(getCurrentPlace()));
  const reader = openRecordReader(place);
  return { place, exists: await whileReading(() => reader.hasBegun()), reader };
}

/** What a command says if there is no record. */
export async function explainNoRecord(place: RecordPlace): Promise<string> {
  if (place.kind === "file") {
    return `Nothing is recorded yet: there is no file ${place.path}\nA proxy records its requests, unless RECORD=off is set.`;
  }
  const { nameRecordPlace } = await import("../record/record-place.ts");
  return `Nothing is recorded yet: the database ${nameRecordPlace(place)} has no tables\nThe first proxy that is started with it in RECORD makes them.`;
}

/** Runs what reads the record; a fault of the file becomes an error that the user is told of. */
export async function whileReading<Value>(read: () => Promise<Value>): Promise<Value> {
  const { RecordReadError } = await import("../record/record-read-error.ts");
  try {
    return await read();
  } catch (error) {
    if (error instanceof RecordReadError) throw new CommandError(error.message, 1, { cause: error });
    throw error;
  }
}

/** The filter of these terms; CommandError says what is wrong with them. */
export async function readFilterTerms(terms: readonly string[]): Promise<RecordFilter> {
  const { parseFilter } = await import("../record/filter/parse-filter.ts");
  const { escapeControlCharacters } = await import("../logging/escape-control-characters.ts");
  const parsed = parseFilter(terms.join(" "));
  if ("fault" in parsed) throw new CommandError(escapeControlCharacters(parsed.fault), 2);
  return parsed.filter;
}

/** The newest requests for which a filter holds. */
export function newestOf(filter: RecordFilter, limit: number): ListQuery {
  return { filter, limit, before: null, afterSeq: null };
}
