import { statSync } from "node:fs";

/** Tells a file from what is put into its place; null if there is none, or it cannot be reached. Never throws. */
export function identifyFile(path: string): string | null {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    // Where it cannot be looked at it cannot be read or written either, and whoever does that says why.
    return null;
  }
}
