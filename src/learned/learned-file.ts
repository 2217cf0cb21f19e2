import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissingFile, readOwnFile } from "../files/read-own-file.ts";
import { removeLeftovers, replaceFile } from "../files/replace-file.ts";
import { isFaultOfContent, setAside } from "../files/set-aside.ts";
import { withLock } from "../files/with-lock.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { parseJson } from "../json/parse-json.ts";
import { type Clearing, type Lesson, type Lessons, lessonKinds } from "./lesson.ts";
import { mergeLessons } from "./merge-lessons.ts";

const formatVersion = 1;
/** More than a full file has, whose texts are as long as those of real upstreams. */
const mostBytes = 4 * 1024 * 1024;
/** Longest upstream, model, key and origin of a lesson, in characters. */
const longestText = 600;

/** By so much a clock may have been set back. */
const mostAheadMs = 24 * 60 * 60_000;

/** Nothing was learned yet. */
export const noLessons: Lessons = { lessons: [], clearings: [] };

export interface LearnedFileOptions {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** Called with a problem of the file. */
  warn(message: string, cause: unknown): void;
  /** Called when the file has just been replaced, while nobody else may replace it. */
  noteWritten?(): void;
}

/**
 * Reads the file; invalid entries are left out. Empty if there is none, and if it has to be set aside, which is told:
 * what is in it is not ours, or too large. Rejects if the system cannot read it now.
 */
export async function readLearnedFile(
  filePath: string,
  { nowMs, warn }: LearnedFileOptions,
): Promise<Lessons> {
  try {
    return parseLessons(readOwnFile(filePath, mostBytes), nowMs);
  } catch (error) {
    if (isMissingFile(error)) return noLessons;
    if (!isFaultOfContent(error)) throw error;
    const aside = await setAside(filePath);
    warn(
      aside === null
        ? `Cannot use ${filePath}; what was learned before is not known.`
        : `Cannot use ${filePath}; it is now ${aside}, and learning begins anew.`,
      error,
    );
    return noLessons;
  }
}

/**
 * Adds what is new to the file. Others may write it at the same time: each reads, adds and replaces it alone. Rejects if
 * it cannot be written.
 * @returns what the file has now
 */
export async function updateLearnedFile(
  filePath: string,
  added: Lessons,
  options: LearnedFileOptions,
): Promise<Lessons> {
  const update = async () => {
    const merged = mergeLessons(await readLearnedFile(filePath, options), added, options.nowMs);
    await replaceFile(filePath, formatLessons(merged));
    options.noteWritten?.();
    return merged;
  };
  await mkdir(dirname(filePath), { recursive: true, mode: 0o700 });
  await removeLeftovers(filePath);
  return await withLock(`${filePath}.lock`, update);
}

function parseLessons(text: string, nowMs: number): Lessons {
  const file = parseJson(text);
  if (!isJsonObject(file) || file["version"] !== formatVersion || !Array.isArray(file["lessons"])) {
    throw new Error("It holds no lessons of this version.");
  }
  const clearings: unknown[] = Array.isArray(file["clearings"]) ? file["clearings"] : [];
  const read = {
    lessons: file["lessons"].flatMap((entry: unknown) => parseLesson(entry, nowMs) ?? []),
    clearings: clearings.flatMap((entry) => parseClearing(entry, nowMs) ?? []),
  };
  return mergeLessons(read, noLessons, nowMs);
}

/** A lesson as the file has it; null for anything else, such as one of a later version. */
export function parseLesson(entry: unknown, nowMs: number): Lesson | null {
  if (!isJsonObject(entry)) return null;
  const kind = lessonKinds.find((known) => known === entry["kind"]);
  const [upstream, model, key, from] = ["upstream", "model", "key", "from"].map((name) =>
    textOf(entry, name),
  );
  const atMs = timeOf(entry, nowMs);
  if (kind === undefined || upstream == null || model == null || key == null || atMs === null) return null;
  const isForgotten = entry["forgotten"] === true;
  return { upstream, kind, model, key, value: entry["value"], atMs, from: from ?? "", isForgotten };
}

/** A clearing as the file has it; null for anything else. */
export function parseClearing(entry: unknown, nowMs: number): Clearing | null {
  if (!isJsonObject(entry)) return null;
  const [upstream, model] = ["upstream", "model"].map((name) =>
    entry[name] === null ? null : (textOf(entry, name) ?? undefined),
  );
  const atMs = timeOf(entry, nowMs);
  // One whose upstream cannot be read must not clear all of them.
  return upstream === undefined || model === undefined || atMs === null ? null : { upstream, model, atMs };
}

function textOf(entry: JsonObject, name: string): string | null {
  const text = entry[name];
  return typeof text === "string" && text.length <= longestText ? text : null;
}

/** A time far ahead was written under a wrong clock, and would outweigh everything new. */
function timeOf(entry: JsonObject, nowMs: number): number | null {
  const at = entry["at"];
  const atMs = typeof at === "string" ? Date.parse(at) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs > nowMs + mostAheadMs ? nowMs : atMs;
}

/** A lesson as the file has it, which `parseLesson` reads. */
export function buildLessonEntry({ atMs, isForgotten, ...lesson }: Lesson): object {
  return { ...lesson, at: new Date(atMs).toISOString(), ...(isForgotten ? { forgotten: true } : {}) };
}

/** A clearing as the file has it, which `parseClearing` reads. */
export function buildClearingEntry({ atMs, ...clearing }: Clearing): object {
  return { ...clearing, at: new Date(atMs).toISOString() };
}

function formatLessons({ lessons, clearings }: Lessons): string {
  const written = (from: number): string => {
    const file = {
      version: formatVersion,
      lessons: lessons.slice(from).map(buildLessonEntry),
      clearings: clearings.map(buildClearingEntry),
    };
    return `${JSON.stringify(file, null, 1)}\n`;
  };
  let from = 0;
  let text = written(from);
  // The oldest half goes until the rest can be read again.
  while (Buffer.byteLength(text) > mostBytes && from < lessons.length) {
    from += Math.ceil((lessons.length - from) / 2);
    text = written(from);
  }
  return text;
}
