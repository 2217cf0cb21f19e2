import type { JsonObject } from "../json/json-value.ts";
import { parseJson } from "../json/parse-json.ts";
import {
  buildClearingEntry,
  buildLessonEntry,
  type LearnedFileOptions,
  parseClearing,
  parseLesson,
  readLearnedFile,
  updateLearnedFile,
} from "../learned/learned-file.ts";
import { type Clearing, type Lesson, type Lessons, lessonId } from "../learned/lesson.ts";
import { mergeLessons } from "../learned/merge-lessons.ts";
import type { QueryRows } from "../postgres/postgres.ts";
import { digestText } from "./digest-text.ts";
import { noteChange } from "./revisions.ts";

/** A row of `proxy_lessons`. */
interface Entry {
  readonly id: string;
  readonly at_ms: number;
  readonly is_clearing: boolean;
  readonly entry: string;
}

/**
 * Puts what the file and the database know into both, as if the database were another process that writes the file.
 * Rejects with a PostgresError, or if the file cannot be read or written.
 */
export async function exchangeLessons(
  query: QueryRows,
  filePath: string,
  options: LearnedFileOptions,
): Promise<void> {
  const rows = await query("select id, at_ms, is_clearing, entry from proxy_lessons");
  const theirs = parseRows(rows, options.nowMs);
  const ours = await readLearnedFile(filePath, options);
  const merged = mergeLessons(ours, theirs, options.nowMs);
  await writeRows(query, { rows, theirs, merged });
  if (!isSame(merged, ours)) await updateLearnedFile(filePath, theirs, options);
}

/** Whether both say the same, in whichever order. */
function isSame(one: Lessons, other: Lessons): boolean {
  const textsOf = (lessons: Lessons) =>
    new Set(buildEntries(lessons).map(({ id, entry }) => `${id} ${entry}`));
  return Bun.deepEquals(textsOf(one), textsOf(other));
}

function parseRows(rows: readonly JsonObject[], nowMs: number): Lessons {
  const entries = rows.map((row) => ({
    isClearing: row["is_clearing"] === true,
    value: parseText(row["entry"]),
  }));
  return {
    lessons: entries.flatMap(({ isClearing, value }) =>
      isClearing ? [] : (parseLesson(value, nowMs) ?? []),
    ),
    clearings: entries.flatMap(({ isClearing, value }) =>
      isClearing ? (parseClearing(value, nowMs) ?? []) : [],
    ),
  };
}

/** Null for what is no JSON: another version may have written it. */
function parseText(text: unknown): unknown {
  try {
    return typeof text === "string" ? parseJson(text) : null;
  } catch {
    return null;
  }
}

interface Exchange {
  readonly rows: readonly JsonObject[];
  readonly theirs: Lessons;
  readonly merged: Lessons;
}

/** Writes what the database lacks or has in an older form, and takes out what was cleared or is over. */
async function writeRows(query: QueryRows, { rows, theirs, merged }: Exchange): Promise<void> {
  const known = new Map(rows.map((row) => [row["id"], row]));
  const kept = buildEntries(merged);
  const newer = kept.filter(({ id, at_ms, entry }) => isNewer(known.get(id), at_ms, entry));
  const keptIds = new Set(kept.map(({ id }) => id));
  // Not those that cannot be read: a later version needs them.
  const gone = buildEntries(theirs).filter(({ id }) => !keptIds.has(id));
  if (newer.length === 0 && gone.length === 0) return;
  await query(
    `with added as (
       insert into proxy_lessons (id, at_ms, is_clearing, entry)
       select id, at_ms, is_clearing, entry
       from jsonb_to_recordset($1::text::jsonb) as x (id text, at_ms bigint, is_clearing boolean, entry text)
       order by id
       on conflict (id) do update set at_ms = excluded.at_ms, entry = excluded.entry
       where proxy_lessons.at_ms <= excluded.at_ms
     ), taken as (
       delete from proxy_lessons using jsonb_to_recordset($2::text::jsonb) as x (id text, at_ms bigint)
       where proxy_lessons.id = x.id and proxy_lessons.at_ms <= x.at_ms
     )
     ${noteChange("lessons")}`,
    [JSON.stringify(newer), JSON.stringify(gone.map(({ id, at_ms }) => ({ id, at_ms })))],
  );
}

/** Of two of the same time one that forgets counts, as in the file. */
function isNewer(known: JsonObject | undefined, atMs: number, entry: string): boolean {
  const knownMs = known?.["at_ms"];
  if (typeof knownMs !== "number" || knownMs < atMs) return true;
  return knownMs === atMs && known?.["entry"] !== entry && entry.endsWith('"forgotten":true}');
}

function buildEntries({ lessons, clearings }: Lessons): Entry[] {
  return [...lessons.map(buildLessonRow), ...clearings.map(buildClearingRow)];
}

function buildLessonRow(lesson: Lesson): Entry {
  const { kind, upstream, model, key, atMs } = lesson;
  const id = digestText(`${kind}\n${lessonId(upstream, model, key)}`);
  return { id, at_ms: atMs, is_clearing: false, entry: JSON.stringify(buildLessonEntry(lesson)) };
}

function buildClearingRow(clearing: Clearing): Entry {
  const id = digestText(JSON.stringify([clearing.upstream, clearing.model]));
  return { id, at_ms: clearing.atMs, is_clearing: true, entry: JSON.stringify(buildClearingEntry(clearing)) };
}
