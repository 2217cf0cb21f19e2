import { readOwnFile } from "../files/read-own-file.ts";
import { replaceFile } from "../files/replace-file.ts";
import { isJsonObject } from "../json/json-value.ts";

/** Name of the file in the state folder that keeps the factors. */
export const calibrationFileName = "token-calibration.json";
/** Most factors in the file and in memory; the latest are kept. */
const mostFactors = 500;
/** Longest name of a factor, in characters: a host and a model. */
export const longestKey = 600;

/** More bytes than this many of the longest names take in their longest JSON form. */
const mostBytes = 2 * 1024 * 1024;

/**
 * Reads the factors; invalid entries are left out. Throws if there is no file (`ENOENT`), if it is a link, too large or
 * another user's, and if it contains something else.
 */
export function readFactorFile(filePath: string): Map<string, number> {
  const file: unknown = JSON.parse(readOwnFile(filePath, mostBytes));
  if (!isJsonObject(file) || !isJsonObject(file["factors"])) throw new Error("It holds no factors.");
  const factors = new Map<string, number>();
  for (const [key, factor] of Object.entries(file["factors"])) {
    if (typeof factor !== "number" || !Number.isFinite(factor) || key.length > longestKey) continue;
    factors.set(key, factor);
  }
  keepLatest(factors);
  return factors;
}

/** Drops the oldest factors. */
export function keepLatest(factors: Map<string, number>): void {
  for (const key of factors.keys()) {
    if (factors.size <= mostFactors) return;
    factors.delete(key);
  }
}

/** Replaces the file in one step, so that nobody reads half of it. */
export async function replaceFactorFile(
  filePath: string,
  factors: ReadonlyMap<string, number>,
): Promise<void> {
  await replaceFile(filePath, `${JSON.stringify({ factors: Object.fromEntries(factors) }, null, 2)}\n`);
}
