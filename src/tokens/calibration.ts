import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isJsonObject } from "../json/json-value.ts";
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
  const { filePath, upstreamHost, warn } = options;
  const factors = filePath === null ? new Map<string, number>() : readFactors(filePath, warn);
  const learned = new Map<string, number>();
  let timer: Timer | null = null;
  let writing: Promise<void> = Promise.resolve();

  const keyOf = (model: string): string => `${upstreamHost} ${model}`;

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (filePath === null || learned.size === 0) return writing;
    const changed = new Map(learned);
    learned.clear();
    writing = writing.then(() => writeFactors(filePath, changed, warn));
    return writing;
  };

  return {
    factor: (model) => factors.get(keyOf(model)) ?? startFactor(model),
    learn(model, rawTokens, promptTokens) {
      const key = keyOf(model);
      const sample = promptTokens / rawTokens;
      const old = factors.get(key);
      const moved = old === undefined ? sample : (1 - weightOfSample) * old + weightOfSample * sample;
      const factor = clamp(moved);
      factors.set(key, factor);
      learned.set(key, factor);
      timer ??= setTimeout(flush, writeDelayMs).unref();
    },
    flush,
  };
}

function clamp(factor: number): number {
  return Math.min(maxFactor, Math.max(minFactor, factor));
}

function readFactors(filePath: string, warn: CalibrationOptions["warn"]): Map<string, number> {
  const factors = new Map<string, number>();
  try {
    const file: unknown = JSON.parse(readFileSync(filePath, "utf8"));
    if (!isJsonObject(file) || !isJsonObject(file["factors"])) throw new Error("It holds no factors.");
    for (const [key, factor] of Object.entries(file["factors"])) {
      if (typeof factor === "number") factors.set(key, clamp(factor));
    }
  } catch (error) {
    if (!isMissingFile(error)) warn(`Cannot read ${filePath}; token counts start uncalibrated.`, error);
  }
  return factors;
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/**
 * Puts `changed` into the file. The file is read again first, since another proxy may have written to it, and
 * replaced in one step, so that nobody reads half of it.
 */
async function writeFactors(
  filePath: string,
  changed: ReadonlyMap<string, number>,
  warn: CalibrationOptions["warn"],
): Promise<void> {
  const temporaryPath = `${filePath}.${process.pid}.tmp`;
  try {
    const factors = new Map([...readFactors(filePath, warn), ...changed]);
    const text = `${JSON.stringify({ factors: Object.fromEntries(factors) }, null, 2)}\n`;
    await mkdir(dirname(filePath), { recursive: true, mode: 0o700 });
    await writeFile(temporaryPath, text, { mode: 0o600 });
    await rename(temporaryPath, filePath);
  } catch (error) {
    warn(`Cannot write ${filePath}; what was learned about token counts is kept in memory only.`, error);
  }
}
