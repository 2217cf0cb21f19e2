import { existsSync, renameSync } from "node:fs";

/** What SQLite keeps beside its file. */
const companions = ["-wal", "-shm"];

/**
 * Puts the file and what belongs to it out of the way, beside its place, and never over another one: it can still be
 * opened there. Nobody may have it open. Throws what the file system throws.
 * @returns where it is now
 */
export function setRecordAside(path: string, why: "corrupt" | "newer", now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const usual = `${path}.${why}-${time}`;
  let asidePath = usual;
  for (let count = 2; existsSync(asidePath); count += 1) asidePath = `${usual}-${count}`;
  renameSync(path, asidePath);
  for (const ending of companions) {
    if (existsSync(path + ending)) renameSync(path + ending, asidePath + ending);
  }
  return asidePath;
}
