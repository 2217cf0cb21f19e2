import { existsSync } from "node:fs";
import type { RecordFilter } from "../record/record-filter.ts";
import type { ListQuery, RecordReader } from "../record/record-reader.ts";
import { CommandError } from "./command-error.ts";

/** The record of this user. */
export interface FoundRecord {
  readonly path: string;
  /** False if no proxy has recorded anything yet. */
  readonly exists: boolean;
  readonly reader: RecordReader;
}

/** Finds the record in the state folder; needs no settings. */
export async function findRecord(): Promise<FoundRecord> {
  const { getCurrentPlace } = await import("../config/current-place.ts");
  const { locateRecord } = await import("../config/locate-folders.ts");
  const { openRecordReader } = await import("../record/open-record-reader.ts");
  const path = locateRecord(getCurrentPlace());
  return { path, exists: existsSync(path), reader: openRecordReader(path) };
}

/** What a command says if there is no record. */
export function explainNoRecord(path: string): string {
  return `Nothing is recorded yet: there is no file ${path}\nA proxy records its requests, unless RECORD=off is set.`;
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
