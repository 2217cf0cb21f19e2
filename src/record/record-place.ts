import { isSharedRecord, nameSharedRecord, type SharedRecordUrl } from "../config/record-place.ts";

/** Where a record is: in a file of this machine, or in a database that several instances share. */
export type RecordPlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "shared"; readonly url: SharedRecordUrl };

/**
 * The place of the record for the setting `RECORD`.
 * @param path of the file, which counts where no database is named
 */
export function selectRecordPlace(record: string, path: string): RecordPlace {
  return isSharedRecord(record) ? { kind: "shared", url: record } : { kind: "file", path };
}

/** What people are told of a place: the path, or host, port and database; never a password. */
export function nameRecordPlace(place: RecordPlace): string {
  return place.kind === "file" ? place.path : nameSharedRecord(place.url);
}
