import { randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isJsonObject } from "../json/json-value.ts";

/** Most factors in the file and in memory; the latest are kept. */
const mostFactors = 500;
/** Longest name of a factor, in characters: a host and a model. */
export const longestKey = 600;

/** More bytes than this many of the longest names take in their longest JSON form. */
const mostBytes = 2 * 1024 * 1024;

/** A temporary file of this age beside the file was left by a killed process. */
const leftoverMs = 60_000;

/** Follows no link, and does not wait for a writer of a pipe. Windows has neither flag. */
const forReading = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads the factors; invalid entries are left out. Throws if there is no file (`ENOENT`), if it is a link, too large or
 * another user's, and if it contains something else.
 */
export function readFactorFile(filePath: string): Map<string, number> {
  const file: unknown = JSON.parse(readOwnFile(filePath));
  if (!isJsonObject(file) || !isJsonObject(file["factors"])) throw new Error("It holds no factors.");
  const factors = new Map<string, number>();
  for (const [key, factor] of Object.entries(file["factors"])) {
    if (typeof factor !== "number" || !Number.isFinite(factor) || key.length > longestKey) continue;
    factors.set(key, factor);
  }
  keepLatest(factors);
  return factors;
}

function readOwnFile(filePath: string): string {
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

/** Drops the oldest factors. */
export function keepLatest(factors: Map<string, number>): void {
  for (const key of factors.keys()) {
    if (factors.size <= mostFactors) return;
    factors.delete(key);
  }
}

/**
 * Replaces the file in one step, so that nobody reads half of it. The temporary file has an unpredictable name and is
 * never an existing file: through a link of that name a foreign file would be written.
 */
export async function replaceFactorFile(
  filePath: string,
  factors: ReadonlyMap<string, number>,
): Promise<void> {
  const text = `${JSON.stringify({ factors: Object.fromEntries(factors) }, null, 2)}\n`;
  const temporaryPath = `${filePath}.${randomUUID()}.tmp`;
  await mkdir(dirname(filePath), { recursive: true, mode: 0o700 });
  try {
    await writeFile(temporaryPath, text, { flag: "wx", mode: 0o600 });
    await rename(temporaryPath, filePath);
  } catch (error) {
    await rm(temporaryPath, { force: true });
    throw error;
  }
}

/** Removes temporary files that killed processes have left beside the file. Never rejects. */
export async function removeLeftovers(filePath: string): Promise<void> {
  const folder = dirname(filePath);
  try {
    for (const name of await readdir(folder)) {
      if (!(name.startsWith(`${basename(filePath)}.`) && name.endsWith(".tmp"))) continue;
      const { mtimeMs } = await lstat(join(folder, name));
      if (Date.now() - mtimeMs > leftoverMs) await rm(join(folder, name), { force: true });
    }
  } catch {
    // The folder does not exist yet, or belongs to another user: writing will report that.
  }
}
