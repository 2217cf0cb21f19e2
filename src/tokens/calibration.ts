import { createOnceWarner } from "../files/once-warner.ts";
import { isMissingFile } from "../files/read-own-file.ts";
import { removeLeftovers } from "../files/replace-file.ts";
import { keepLatest, longestKey, readFactorFile, replaceFactorFile } from "./calibration-file.ts";
import { startFactor } from "./start-factor.ts";

const minFactor = 0.7;
const maxFactor = 2;
/** How much one answer moves the factor. */
const weightOfSample = 0.2;
const writeDelayMs = 2_000;

export interface CalibrationOptions {
  /** The file for the factors; its folder is created if it is missing. Null keeps them in memory. */
  filePath: string | null;
  /**
   * Files that may have factors from earlier versions; the first one wins. Entries that the main file lacks are copied
   * from them at the start. They stay unchanged, because another proxy may still keep its factors there. Default: none.
   */
  formerPaths?: readonly string[];
  /** `host[:port]` of the upstream: the same model may be counted differently elsewhere. */
  upstreamHost: string;
  /** Called with a problem of the file. Nothing else fails because of it. */
  warn(message: string, cause: unknown): void;
}

type Factors = Map<string, number>;
/** Computes the new factors from those in the file. */
type Change = (present: Factors) => Factors;

/** How many tokens the upstream charges per o200k_base token, by model. */
export interface Calibration {
  /** Prompt tokens per raw token: learned, or the start value of the model's family. */
  factor(model: string): number;
  /** Moves the model's factor towards `promptTokens / rawTokens`; the first sample replaces it (rule 7). */
  learn(model: string, rawTokens: number, promptTokens: number): void;
  /** Writes what was learned since the last write, at every upstream. */
  flush(): Promise<void>;
  /** Takes over factors that others have learned, by their names in the file; what is not written yet stays. */
  adopt(factors: ReadonlyMap<string, number>): void;
  /** The factors of another upstream, in the same file. */
  at(upstreamHost: string): Calibration;
}

/** Reads the factors learned before. An unreadable file is treated as empty, with a warning. */
export function createCalibration(options: CalibrationOptions): Calibration {
  const { filePath, formerPaths = [], upstreamHost } = options;
  const { warn, forget } = createOnceWarner(options.warn);
  const kept = filePath === null ? new Map<string, number>() : readFactors(filePath, warn);
  const former = formerPaths.map(readFormerFactors);
  const factors = former.reduce(addOlder, kept);
  const learned = new Map<string, number>();
  let timer: Timer | null = null;
  let writing: Promise<void> | null = null;

  const write = (change: Change): void => {
    if (filePath === null) return;
    // Runs once, before the first write.
    const begun = writing ?? removeLeftovers(filePath);
    writing = begun
      .then(() => writeFactors(filePath, change, warn))
      .then((isWritten) => {
        if (isWritten) forget();
      });
  };

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (learned.size > 0) {
      const changed = [...learned];
      learned.clear();
      write((present) => keepAll(present, changed));
    }
    return writing ?? Promise.resolve();
  };

  if (factors.size > kept.size) write((present) => former.reduce(addOlder, present));

  const at = (host: string): Calibration => ({
    factor: (model) => factors.get(keyOf(host, model)) ?? startFactor(model),
    learn(model, rawTokens, promptTokens) {
      const key = keyOf(host, model);
      const sample = promptTokens / rawTokens;
      // A request without tokens has no ratio.
      if (!Number.isFinite(sample)) return;
      const old = factors.get(key);
      const moved = old === undefined ? sample : (1 - weightOfSample) * old + weightOfSample * sample;
      const factor = clamp(moved);
      keep(factors, key, factor);
      keep(learned, key, factor);
      timer ??= setTimeout(flush, writeDelayMs).unref();
    },
    adopt(others) {
      const adopted = [...others].filter(([key]) => key.length <= longestKey && !learned.has(key));
      keepAll(factors, adopted);
      write((present) => keepAll(present, adopted));
    },
    flush,
    at,
  });
  return at(upstreamHost);
}

/** A client that sends a model name of a megabyte shares its factor with all names that begin alike. */
function keyOf(upstreamHost: string, model: string): string {
  return `${upstreamHost} ${model}`.slice(0, longestKey);
}

function clamp(factor: number): number {
  return Math.min(maxFactor, Math.max(minFactor, factor));
}

/** Stores a factor as the latest one. */
function keep(factors: Factors, key: string, factor: number): void {
  factors.delete(key);
  factors.set(key, factor);
  keepLatest(factors);
}

/** Stores them as the latest ones, within what a factor may be. */
function keepAll(factors: Factors, latest: readonly (readonly [string, number])[]): Factors {
  for (const [key, factor] of latest) keep(factors, key, clamp(factor));
  return factors;
}

function readFactors(filePath: string, warn: CalibrationOptions["warn"]): Factors {
  try {
    const factors = readFactorFile(filePath);
    for (const [key, factor] of factors) factors.set(key, clamp(factor));
    return factors;
  } catch (error) {
    if (!isMissingFile(error)) warn(`Cannot read ${filePath}; token counts start uncalibrated.`, error);
    return new Map();
  }
}

/** Empty if the file cannot be read or contains something else: its folder may serve another purpose. */
function readFormerFactors(filePath: string): Factors {
  return readFactors(filePath, () => {});
}

/**
 * Adds the entries that `factors` lacks, as the oldest ones: they are the first to be dropped if there are too many.
 */
function addOlder(factors: Factors, older: Factors): Factors {
  const all = new Map([...older].filter(([key]) => !factors.has(key)));
  for (const [key, factor] of factors) all.set(key, factor);
  keepLatest(all);
  return all;
}

/**
 * Changes the file. Reads it again first, because another proxy may have written to it.
 * @returns whether that succeeded
 */
async function writeFactors(
  filePath: string,
  change: Change,
  warn: CalibrationOptions["warn"],
): Promise<boolean> {
  try {
    await replaceFactorFile(filePath, change(readFactors(filePath, warn)));
    return true;
  } catch (error) {
    warn(`Cannot write ${filePath}; what was learned about token counts is kept in memory only.`, error);
    return false;
  }
}
