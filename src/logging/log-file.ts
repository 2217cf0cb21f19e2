import { chmodSync, closeSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { getRotatingFileSink } from "@logtape/file";
import type { LogRecord, Sink, TextFormatter } from "@logtape/logtape";
import { redactByField } from "@logtape/redaction";
import { redactedText } from "./redact-text.ts";

const maxFileBytes = 10 * 1024 * 1024;
/** The file itself and four older ones, `.1` the youngest. */
const keptOlderFiles = 4;

/** Names of members that hold a key whatever its value looks like. */
const secretNames = [
  /^(?:proxy-)?authorization$/i,
  /^(?:set-)?cookie$/i,
  /^(?:x[-_]?(?:goog[-_]?)?)?api[-_]?key$/i,
  /^(?:access|refresh|auth|bearer|id)[-_]?token$/i,
  /^(?:openai_api_key|proxy_api_key|openaiApiKey|proxyApiKey)$/,
  /^(?:client[-_]?)?secret$/i,
  /^password$/i,
];

/** A log file that is opened when needed and opened again when it was moved, deleted or rotated. */
export interface LogFile {
  /** Appends one record with one write. Throws what the file system throws; the record is lost then. */
  write(record: LogRecord): void;
  close(): void;
}

/** Throws when the path is anything but a regular file: through a link, the log would end up in a foreign file. */
function checkRegularFile(path: string): { inode: number; bytes: number } | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    return null;
  }
  if (!stats.isFile()) {
    throw new Error(`${path} is not a regular file`);
  }
  return { inode: stats.ino, bytes: stats.size };
}

/** Creates the file (0600) and its folder (0700) where they are missing: it may hold prompts. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
}

function openSink(path: string, formatter: TextFormatter): Sink & Disposable {
  const sink = getRotatingFileSink(path, {
    formatter,
    maxSize: maxFileBytes,
    maxFiles: keptOlderFiles,
    // Every record is written at once, so that a killed process has lost none.
    bufferSize: 0,
  });
  const redacting = redactByField(sink, {
    fieldPatterns: secretNames,
    // A tool's schema may have a property called `password`: the schema stays, a value goes.
    action: (value) => (typeof value === "object" ? value : redactedText),
    maxDepth: 500,
    maxProperties: 1_000_000,
  });
  return Object.assign((record: LogRecord) => redacting(record), {
    [Symbol.dispose]: () => sink[Symbol.dispose](),
  });
}

/**
 * Makes the rotating log file: 10 MiB a file, five files, readable by their owner only.
 * @param path absolute path of the file; missing folders are created with the first record
 * @param formatter gives the line of a record, with its line break, after members with secret names were redacted
 * @returns the file, not yet opened
 */
export function createLogFile(path: string, formatter: TextFormatter): LogFile {
  let open: { sink: Sink & Disposable; inode: number } | null = null;

  function reopen(): { sink: Sink & Disposable; inode: number } {
    createPrivateFile(path);
    const found = checkRegularFile(path);
    if (found === null) {
      throw new Error(`${path} disappeared`);
    }
    return { sink: openSink(path, formatter), inode: found.inode };
  }

  return {
    write(record) {
      if (open !== null && checkRegularFile(path)?.inode !== open.inode) {
        open.sink[Symbol.dispose]();
        open = null;
      }
      open ??= reopen();
      try {
        open.sink(record);
      } catch (error) {
        // A failed rotation leaves the sink with a closed file; closing it again could close someone else's.
        open = null;
        throw error;
      }
      const inode = checkRegularFile(path)?.inode;
      if (inode !== undefined && inode !== open.inode) {
        // The sink has rotated, and made the new file with the usual mode.
        chmodSync(path, 0o600);
        open = { sink: open.sink, inode };
      }
    },
    close() {
      open?.sink[Symbol.dispose]();
      open = null;
    },
  };
}
