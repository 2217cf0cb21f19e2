import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** Follows no link, and does not wait for a writer of a pipe. Windows has neither flag. */
const forReading = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a small file that this program keeps for itself. Throws if there is no file (`ENOENT`), if it is a link,
 * larger than `mostBytes`, or another user's.
 */
export function readOwnFile(filePath: string, mostBytes: number): string {
  const descriptor = openSync(filePath, forReading);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error("It is not a regular file.");
    if (stats.size > mostBytes) throw new Error(`It has ${stats.size} bytes, more than ${mostBytes}.`);
    // Root may write any file, so it gains nothing by this.
    const owners = [0, process.geteuid?.() ?? stats.uid];
    if (process.platform !== "win32" && !owners.includes(stats.uid)) {
      throw new Error("It belongs to another user.");
    }
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}

/** Whether reading failed because there is no file. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
