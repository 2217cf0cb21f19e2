import { readFileSync, statSync } from "node:fs";

/** A larger file is no settings file; without a limit `--env-file /dev/zero` would never end. */
const largestFileBytes = 1024 * 1024;

/** The text of a settings file and its permission bits, or why it cannot be read, in words that do not name it. */
export type SettingsText =
  | { readonly text: string; readonly mode: number }
  | { readonly reason: string; readonly isMissing?: true };

/** Detects UTF-16 by its byte order mark, or by a zero in one of the first two bytes. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || (bytes.length > 1 && (first === 0) !== (second === 0));
}

/**
 * Reads a file of settings: a regular file of at most 1 MiB in UTF-8. Never throws.
 * @param path absolute, or relative and given by the user
 */
export function readSettingsText(path: string): SettingsText {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { reason: "it is not a file" };
    if (stats.size > largestFileBytes) {
      return { reason: "it is larger than 1 MiB, so it is probably not a settings file" };
    }
    const bytes = readFileSync(path);
    if (isUtf16(bytes)) {
      return {
        reason: "it is UTF-16, as written by Notepad and PowerShell 5. Save it with the encoding UTF-8",
      };
    }
    return { text: bytes.toString("utf8"), mode: stats.mode };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT") return { reason: "there is no such file", isMissing: true };
    if (code === "EACCES" || code === "EPERM") return { reason: "you may not read it" };
    return { reason: typeof code === "string" ? `the system says ${code}` : "it failed" };
  }
}
