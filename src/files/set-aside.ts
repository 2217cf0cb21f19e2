import { rename, rm } from "node:fs/promises";

/**
 * Puts a file that cannot be used out of the way, beside its place.
 * @returns where it is now; null if it could not be moved
 */
export async function setAside(filePath: string): Promise<string | null> {
  const asidePath = `${filePath}.unreadable`;
  try {
    await rm(asidePath, { force: true });
    await rename(filePath, asidePath);
    return asidePath;
  } catch {
    return null;
  }
}

/** Whether an error of reading speaks of the file's content, and not of a fault of the moment, such as too many open files. */
export function isFaultOfContent(error: unknown): boolean {
  return !(error instanceof Error && "code" in error && error.code !== "ELOOP");
}
