import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isFaultOfContent, isLocked } from "../sqlite/describe-fault.ts";
import { NewerRecordError } from "../sqlite/open-record-file.ts";
import { setRecordAside } from "../sqlite/set-record-aside.ts";
import type { RowQueue } from "./row-queue.ts";
import { createSpoolFile } from "./spool-file.ts";

export const spoolEnding = ".sqlite";

/** A file that another process has left. */
export interface AdoptedSpool {
  readonly name: string;
  readonly queue: RowQueue;
}

export interface AdoptOptions {
  readonly folder: string;
  /** The names of those that this process has already. */
  readonly ownNames: ReadonlySet<string>;
  /** So many at most. */
  readonly most: number;
  warn(message: string, cause: unknown): void;
}

/**
 * Takes over files of processes that have ended: nobody else holds them. The oldest come first. A file that is damaged,
 * or of a newer form, is set aside, and said. Never throws.
 */
export function adoptSpools({ folder, ownNames, most, warn }: AdoptOptions): readonly AdoptedSpool[] {
  const adopted: AdoptedSpool[] = [];
  for (const name of listSpools(folder)) {
    if (adopted.length >= most) break;
    if (ownNames.has(name)) continue;
    const path = join(folder, name);
    try {
      adopted.push({ name, queue: createSpoolFile(path) });
    } catch (error) {
      if (isLocked(error)) continue;
      warn(...describeUnusable(path, error));
    }
  }
  return adopted;
}

/** The files of a folder in which requests wait for the shared database, oldest first; none if it cannot be read. */
function listSpools(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(spoolEnding))
      .toSorted();
  } catch {
    // Nothing was ever written there; if it cannot be, that is said with the first request.
    return [];
  }
}

function describeUnusable(path: string, error: unknown): [string, unknown] {
  const why = error instanceof NewerRecordError ? "newer" : isFaultOfContent(error) ? "corrupt" : null;
  if (why === null) return [`The requests that wait in ${path} cannot be read.`, error];
  try {
    const aside = setRecordAside(path, why, new Date());
    const what = why === "newer" ? "were written by a newer version" : "are damaged";
    return [`Requests that waited for the shared record ${what}; they are now in ${aside}.`, error];
  } catch (fault) {
    return [`The requests that wait in ${path} cannot be read.`, fault];
  }
}
