import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { LogRecord, TextFormatter } from "@logtape/logtape";
import { redactByField } from "@logtape/redaction";
import { redactedText } from "./redact-text.ts";

const maxFileBytes = 10 * 1024 * 1024;
/** The file itself and four older ones, `.1` the youngest. */
const keptOlderFiles = 4;

/**
 * How often it is looked whether the file is still where it was, milliseconds: to look takes as long as to write a
 * record. What comes meanwhile follows the file to where it was moved.
 */
export const lookIntervalMs = 100;

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
  /** Opens the file before there is anything to write. Throws what the file system throws. */
  open(): void;
  /**
   * Appends one record with one write, after members with secret names were redacted. Throws what the file system
   * throws; the record is lost then.
   */
  write(record: LogRecord): void;
  /** Appends whole lines with one write, as they are. Throws what the file system throws; they are lost then. */
  append(lines: string): void;
  close(): void;
}

export interface LogFileOptions {
  /** Gives the line of a record, with its line break, after members with secret names were redacted. */
  formatter: TextFormatter;
  /** Told, in a sentence, that others could read the file. The file is being opened: it may not be written to. */
  report: (text: string) => void;
}

/** Throws when it is anything but a regular file: through a link, the log would end up in a foreign file. */
function checkRegular(stats: Stats, path: string): Stats {
  if (stats.isDirectory()) throw new Error(`${path} is a folder`);
  if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
  return stats;
}

function findFile(path: string): { inode: number; bytes: number } | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const { ino, size } = checkRegular(stats, path);
  return { inode: ino, bytes: size };
}

/** Not through a link, and without waiting for a reader of a pipe. Windows has neither flag. */
const noTricks = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const forAppending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | noTricks;

const hasModes = process.platform !== "win32";

/**
 * Takes an open file for this user alone. One that was there before may be anybody's to read, and it may hold prompts.
 * Throws when it is no regular file, or somebody else's.
 * @returns what was wrong with it and is no longer, or cannot be helped; null when nothing was
 */
function takeFile(fd: number, path: string): string | null {
  const { uid, mode } = checkRegular(fstatSync(fd), path);
  if (!hasModes) return null;
  if (uid !== process.geteuid?.()) throw new Error(`${path} belongs to another user`);
  if ((mode & 0o077) === 0) return null;
  const found = `The log file ${path} was open to other users (mode ${(mode & 0o777).toString(8)})`;
  try {
    fchmodSync(fd, 0o600);
    return `${found}; it is its owner's alone now.`;
  } catch (error) {
    // A file system that knows no modes. It may be all there is, so the log goes on.
    return `${found} and cannot be closed to them: ${String(error)}.`;
  }
}

/** A user who may write to the folder can replace the file by another. */
function findOpenFolder(folder: string): string | null {
  const { mode } = statSync(folder);
  const isOpen = hasModes && (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
  return isOpen ? `Any user of this machine may write to the log's folder ${folder}.` : null;
}

/**
 * Opens the file for appending; it (0600) and its folder (0700) are created where they are missing.
 * @param report receives what is wrong with a file or folder that existed before
 */
function openPrivateFile(path: string, report: (text: string) => void): { fd: number; inode: number } {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fd = openSync(path, forAppending, 0o600);
  try {
    const findings = [takeFile(fd, path), findOpenFolder(folder)];
    for (const finding of findings) if (finding !== null) report(finding);
    return { fd, inode: fstatSync(fd).ino };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Closes what older files have been open to others for, each that is ours. */
function takeOlderFiles(path: string, report: (text: string) => void): void {
  for (let age = 1; age <= keptOlderFiles; age += 1) {
    const olderPath = `${path}.${age}`;
    try {
      const fd = openSync(olderPath, constants.O_RDONLY | noTricks);
      try {
        const finding = takeFile(fd, olderPath);
        if (finding !== null) report(finding);
      } finally {
        closeSync(fd);
      }
    } catch {
      // Mostly it is not there. What is not ours is nothing that this program has written.
    }
  }
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

class RotatingFile implements LogFile {
  readonly write: (record: LogRecord) => void;
  readonly #path: string;
  readonly #report: (text: string) => void;
  #open: { fd: number; inode: number } | null = null;
  #fileBytes = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #hasOpened = false;

  constructor(path: string, { formatter, report }: LogFileOptions) {
    this.#path = path;
    this.#report = report;
    this.write = redactByField((record) => this.append(formatter(record)), {
      fieldPatterns: [secretName],
      // A tool's schema may have a property called `password`: the schema stays, a value goes.
      action: (value) => (typeof value === "object" ? value : redactedText),
      maxDepth: 500,
      maxProperties: 1_000_000,
    });
  }

  open(): void {
    // `#look` throws in plain words when the path is not a file.
    this.#look();
    this.#openIfClosed();
  }

  append(lines: string): void {
    const bytes = Buffer.from(lines);
    this.#look();
    if (this.#fileBytes > 0 && this.#fileBytes + bytes.length > maxFileBytes) {
      this.close();
      rotate(this.#path);
      this.#fileBytes = 0;
    }
    const { fd } = this.#openIfClosed();
    let written = 0;
    try {
      // A disk that becomes full takes a part and says so at the next call.
      while (written < bytes.length) written += writeSync(fd, bytes, written);
      this.#fileBytes += written;
    } catch (error) {
      this.#lookedAtMs = Number.NEGATIVE_INFINITY;
      // What comes when there is room again would stand on the line that was begun, and be lost with it.
      if (written > 0) ftruncateSync(fd, fstatSync(fd).size - written);
      throw error;
    }
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.fd);
    this.#open = null;
  }

  #look(): void {
    const nowMs = performance.now();
    if (this.#open !== null && nowMs - this.#lookedAtMs < lookIntervalMs) return;
    const found = findFile(this.#path);
    if (found?.inode !== this.#open?.inode) this.close();
    this.#fileBytes = found?.bytes ?? 0;
    this.#lookedAtMs = nowMs;
  }

  #openIfClosed(): { fd: number } {
    if (this.#open === null) {
      if (!this.#hasOpened) takeOlderFiles(this.#path, this.#report);
      this.#hasOpened = true;
      this.#open = openPrivateFile(this.#path, this.#report);
    }
    return this.#open;
  }
}

/**
 * Makes the rotating log file: 10 MiB a file, five files, readable by their owner only.
 * What was written stays when the process is killed. It is not waited until the disk has it, as LogTape's own file
 * does after every write: that alone costs as much as all else of a small request, and on a slow disk it would stop
 * all streams for its time.
 * @param path absolute path of the file; missing folders are created with the first record
 * @returns the file, not yet opened
 */
export function createLogFile(path: string, options: LogFileOptions): LogFile {
  return new RotatingFile(path, options);
}
