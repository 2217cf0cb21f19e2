const busy = /^SQLITE_(?:BUSY|LOCKED)/;
const full = /^(?:SQLITE_FULL|ENOSPC|EDQUOT)/;
const notAllowed = /^(?:SQLITE_READONLY|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM|EROFS)/;
const noPlace = /^(?:SQLITE_CANTOPEN|ENOENT|ENOTDIR|EISDIR|EEXIST|ELOOP)/;
const corrupt = /^SQLITE_(?:CORRUPT|NOTADB)/;

/** Says in one or two sentences why the record cannot be written, and what to do. */
export function describeFault(error: unknown, path: string): string {
  const code = codeOf(error);
  if (full.test(code)) return `The disk with ${path} is full. Free some space, or lower RECORD_MB.`;
  if (busy.test(code)) return `Another program holds ${path} locked. Close what has it open.`;
  if (notAllowed.test(code)) {
    return `${path} cannot be written (${code}). Make its folder this user's, or set RECORD=off.`;
  }
  if (noPlace.test(code)) {
    return `${path} cannot be opened (${code}). Look at its folder, or set RECORD=off.`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `${path} cannot be written: ${reason}${code === "" ? "" : ` (${code})`}. Look at its disk, or set RECORD=off.`;
}

/** Whether another process has the file for now: mostly for a moment only. */
export function isLocked(error: unknown): boolean {
  return busy.test(codeOf(error));
}

/** Whether the error says that the file is no record, or a broken one. */
export function isFaultOfContent(error: unknown): boolean {
  return corrupt.test(codeOf(error));
}

/** The code of SQLite or of the system; empty without one. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
