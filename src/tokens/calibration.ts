import {
  keepLatest,
  longestKey,
  readFactorFile,
  removeLeftovers,
  replaceFactorFile,
} from "./calibration-file.ts";
import { startFactor } from "./start-factor.ts";

const minFactor = 0.7;
const maxFactor = 2;
/** How much one answer moves the factor. */
const weightOfSample = 0.2;
const writeDelayMs = 2_000;

export interface CalibrationOptions {
  /** The file the factors are kept in; its folder is made when it is missing. Null keeps them in memory. */
  filePath: string | null;
  /** `host[:port]` of the upstream: the same model may be counted differently elsewhere. */
  upstreamHost: string;
  /** Told what went wrong with the file. Nothing else fails because of it. */
  warn(message: string, cause: unknown): void;
}

/** What an o200k_base token costs at the upstream, by model. */
export interface Calibration {
  /** Prompt tokens per raw token: learned, or the start value of the model's family. */
  factor(model: string): number;
  /** Moves the model's factor towards `promptTokens / rawTokens`; the first time it is taken whole (rule 7). */
  learn(model: string, rawTokens: number, promptTokens: number): void;
  /** Writes what was learned and not written yet. */
  flush(): Promise<void>;
}

/** Reads the factors learned before. A file that cannot be understood is treated as empty, with a warning. */
export function createCalibration(options: CalibrationOptions): Calibration {
  const { filePath, upstreamHost } = options;
  const { warn, forget } = createOnceWarner(options.warn);
  const factors = filePath === null ? new Map<string, number>() : readFactors(filePath, warn);
  const learned = new Map<string, number>();
  let timer: Timer | null = null;
  let writing: Promise<void> | null = null;

  // Who names a model of a megabyte shares its factor with all that begin alike.
  const keyOf = (model: string): string => `${upstreamHost} ${model}`.slice(0, longestKey);

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const before = writing ?? Promise.resolve();
    if (filePath === null || learned.size === 0) return before;
    const changed = new Map(learned);
    learned.clear();
    // Once, before the first.
    const begun = writing ?? removeLeftovers(filePath);
    writing = begun
      .then(() => writeFactors(filePath, changed, warn))
      .then((isWritten) => {
        if (isWritten) forget();
      });
    return writing;
  };

  return {
    factor: (model) => factors.get(keyOf(model)) ?? startFactor(model),
    learn(model, rawTokens, promptTokens) {
      const key = keyOf(model);
      const sample = promptTokens / rawTokens;
      // Of nothing there is no ratio.
      if (!Number.isFinite(sample)) return;
      const old = factors.get(key);
      const moved = old === undefined ? sample : (1 - weightOfSample) * old + weightOfSample * sample;
      const factor = clamp(moved);
      keep(factors, key, factor);
      keep(learned, key, factor);
      timer ??= setTimeout(flush, writeDelayMs).unref();
    },
    flush,
  };
}

/** Warns of the same thing once: a folder that cannot be written would be told of with every answer. */
function createOnceWarner(warn: CalibrationOptions["warn"]) {
  const warned = new Set<string>();
  return {
    warn(message: string, cause: unknown) {
      if (warned.has(message)) return;
      warned.add(message);
      warn(message, cause);
    },
    /** It has gone well: what goes wrong from now on is new. */
    forget: () => warned.clear(),
  };
}

function clamp(factor: number): number {
  return Math.min(maxFactor, Math.max(minFactor, factor));
}

/** As the latest. */
function keep(factors: Map<string, number>, key: string, factor: number): void {
  factors.delete(key);
  factors.set(key, factor);
  keepLatest(factors);
}

function readFactors(filePath: string, warn: CalibrationOptions["warn"]): Map<string, number> {
  try {
    const factors = readFactorFile(filePath);
    for (const [key, factor] of factors) factors.set(key, clamp(factor));
    return factors;
  } catch (error) {
    if (!isMissingFile(error)) warn(`Cannot read ${filePath}; token counts start uncalibrated.`, error);
    return new Map();
  }
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/**
 * Puts `changed` into the file, which is read again first, since another proxy may have written to it.
 * @returns whether that went well
 */
async function writeFactors(
  filePath: string,
  changed: ReadonlyMap<string, number>,
  warn: CalibrationOptions["warn"],
): Promise<boolean> {
  try {
    const factors = readFactors(filePath, warn);
    for (const [key, factor] of changed) keep(factors, key, factor);
    await replaceFactorFile(filePath, factors);
    return true;
  } catch (error) {
    warn(`Cannot write ${filePath}; what was learned about token counts is kept in memory only.`, error);
    return false;
  }
}
