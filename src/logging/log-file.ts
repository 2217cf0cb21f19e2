import {
  closeSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { LogRecord, TextFormatter } from "@logtape/logtape";
import { redactByField } from "@logtape/redaction";
import { redactedText } from "./redact-text.ts";

const maxFileBytes = 10 * 1024 * 1024;
/** The file itself and four older ones, `.1` the youngest. */
const keptOlderFiles = 4;

/** Names of members that hold a key whatever its value looks like; one pattern, as each is tried on every member. */
const secretName = new RegExp(
  `^(?:${[
    "(?:proxy-)?authorization",
    "(?:set-)?cookie",
    "(?:x[-_]?(?:goog[-_]?)?)?api[-_]?key",
    "(?:access|refresh|auth|bearer|id)[-_]?token",
    "(?:openai|proxy)_?api_?key",
    "(?:client[-_]?)?secret",
    "password",
  ].join("|")})$`,
  "i",
);

/** A log file that is opened when needed and opened again when it was moved, deleted or rotated. */
export interface LogFile {
  /**
   * Appends one record with one write, after members with secret names were redacted. Throws what the file system
   * throws; the record is lost then.
   */
  write(record: LogRecord): void;
  /** Appends whole lines with one write, as they are. Throws what the file system throws; they are lost then. */
  append(lines: string): void;
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

/** Opens the file for appending; it (0600) and its folder (0700) are created where they are missing: it may hold prompts. */
function openPrivateFile(path: string): { fd: number; inode: number } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, "a", 0o600);
  return { fd, inode: fstatSync(fd).ino };
}

/** Makes room for a new file under `path`. Throws when that cannot be. */
function rotate(path: string): void {
  for (let age = keptOlderFiles - 1; age > 0; age -= 1) {
    try {
      renameSync(`${path}.${age}`, `${path}.${age + 1}`);
    } catch {
      // Mostly it is not there yet. One that cannot be moved is overwritten, which is better than an end of the log.
    }
  }
  renameSync(path, `${path}.1`);
}

/**
 * Makes the rotating log file: 10 MiB a file, five files, readable by their owner only.
 * What was written stays when the process is killed. It is not waited until the disk has it, as LogTape's own file
 * does after every write: that alone costs as much as all else of a small request, and on a slow disk it would stop
 * all streams for its time.
 * @param path absolute path of the file; missing folders are created with the first record
 * @param formatter gives the line of a record, with its line break, after members with secret names were redacted
 * @returns the file, not yet opened
 */
export function createLogFile(path: string, formatter: TextFormatter): LogFile {
  let open: { fd: number; inode: number } | null = null;

  function close(): void {
    if (open !== null) closeSync(open.fd);
    open = null;
  }

  function append(lines: string): void {
    const bytes = Buffer.from(lines);
    const found = checkRegularFile(path);
    if (found?.inode !== open?.inode) close();
    if (found !== null && found.bytes > 0 && found.bytes + bytes.length > maxFileBytes) {
      close();
      rotate(path);
    }
    open ??= openPrivateFile(path);
    let written = 0;
    try {
      // A disk that becomes full takes a part and says so at the next call.
      while (written < bytes.length) written += writeSync(open.fd, bytes, written);
    } catch (error) {
      // What comes when there is room again would stand on the line that was begun, and be lost with it.
      if (written > 0) ftruncateSync(open.fd, fstatSync(open.fd).size - written);
      throw error;
    }
  }

  const write = redactByField((record) => append(formatter(record)), {
    fieldPatterns: [secretName],
    // A tool's schema may have a property called `password`: the schema stays, a value goes.
    action: (value) => (typeof value === "object" ? value : redactedText),
    maxDepth: 500,
    maxProperties: 1_000_000,
  });

  return { write, append, close };
}
