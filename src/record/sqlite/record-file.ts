import { constants, type Database } from "bun:sqlite";
import { statSync } from "node:fs";
import { withLock } from "../../files/with-lock.ts";
import { isFaultOfContent } from "./describe-fault.ts";
import { NewerRecordError, openRecordFile } from "./open-record-file.ts";
import { setRecordAside } from "./set-record-aside.ts";

export interface RecordFileOptions {
  readonly path: string;
  /** Says that the file had to be set aside, and why. */
  warn(message: string, cause: unknown): void;
}

/** The record as a file that is opened when it is needed, and set aside when it cannot be used. */
export interface RecordFile {
  /** Does something with the open file. Rejects with what `work` or the opening throws; it may be tried again. */
  use<Result>(work: (database: Database) => Result): Promise<Result>;
  close(): void;
}

/** How often it is looked whether the file is still where it was, in milliseconds. */
const lookEveryMs = 1_000;

/** Creates the file's holder; nothing is opened yet. */
export function createRecordFile({ path, warn }: RecordFileOptions): RecordFile {
  let open: { database: Database; inode: number } | null = null;
  let lookedAtMs = Number.NEGATIVE_INFINITY;

  const openNow = (): Database => {
    const database = openRecordFile(path);
    open = { database, inode: statSync(path).ino };
    lookedAtMs = performance.now();
    return database;
  };
  /** Leaves what lies beside the file as it is: when the file was moved, that belongs to another one by now. */
  const letGo = (): void => {
    if (open === null) return;
    const { database } = open;
    open = null;
    database.fileControl(constants.SQLITE_FCNTL_PERSIST_WAL, 1);
    database.close();
  };
  /** Whoever moves or deletes the file while it is open would else get nothing more. */
  const look = (): void => {
    if (open === null || performance.now() - lookedAtMs < lookEveryMs) return;
    lookedAtMs = performance.now();
    if (statSync(path, { throwIfNoEntry: false })?.ino !== open.inode) letGo();
  };
  const setAside = async (cause: unknown): Promise<void> => {
    letGo();
    // Another process may find the same at this moment, and would set aside the new file.
    await withLock(`${path}.lock`, async () => {
      const why = findFault(path);
      if (why === null) return;
      const aside = setRecordAside(path, why, new Date());
      const what = why === "newer" ? "was written by a newer version" : "is damaged";
      warn(`The record ${path} ${what}; it is now ${aside}, and a new one is begun.`, cause);
    });
  };

  return {
    async use(work) {
      look();
      try {
        return work(open?.database ?? openNow());
      } catch (error) {
        if (!(error instanceof NewerRecordError || isFaultOfContent(error))) throw error;
        await setAside(error);
        return work(open?.database ?? openNow());
      }
    },
    close() {
      if (open === null) return;
      const { database } = open;
      open = null;
      database.close(true);
    },
  };
}

/** Why the file cannot be used, found out with the file alone; null if it can. Throws for other reasons. */
function findFault(path: string): "newer" | "corrupt" | null {
  try {
    const database = openRecordFile(path);
    try {
      const found = database.query<{ quick_check: string }, []>("pragma quick_check(1)").get();
      return found?.quick_check === "ok" ? null : "corrupt";
    } finally {
      database.close(true);
    }
  } catch (error) {
    if (error instanceof NewerRecordError) return "newer";
    if (isFaultOfContent(error)) return "corrupt";
    throw error;
  }
}
