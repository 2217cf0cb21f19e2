import { beginOfValue, type JsonEntry, listEntries, textOfBytes } from "../../json/list-entries.ts";
import { parseJson } from "../../json/parse-json.ts";
import { runAtOnce } from "../../turns/run-steps.ts";
import { isSameButMarks } from "./is-same-but-marks.ts";

/** The list that grows with each turn: of Chat Completions and of Anthropic's wire, and of the Responses API. */
const conversationNames = new Set(["messages", "input"]);

/** They say how an answer is sampled, sent or named: a cache holds for any of their values. */
const namesBesideThePrompt = new Set([
  "max_completion_tokens",
  "max_output_tokens",
  "max_tokens",
  "metadata",
  "n",
  "seed",
  "stop",
  "stop_sequences",
  "stream",
  "stream_options",
  "temperature",
  "top_k",
  "top_p",
  "user",
]);

/** A path longer than this helps nobody, and each level is scanned once more. */
const mostLevels = 12;

const mostNameLength = 60;

/** A value by its place in the bytes of a request. One that ends where the bytes end was cut. */
interface Place {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * The first part of a request that is not as it was in the one before, as a path: `tools[3].description`, `model`. Null
 * if the request before was only continued: its conversation grew, and everything else of the prompt is as it was,
 * wherever it stands in the text. Both must be JSON objects; of requests that were cut, what is there is compared.
 */
export function findBreak(previous: Buffer, next: Buffer): string | null {
  const before = membersOf(previous);
  const after = membersOf(next);
  const isCut = endsCut(after, next);
  const wasCut = endsCut(before, previous);
  for (const [name, old] of before) {
    if (conversationNames.has(name) || namesBesideThePrompt.has(name)) continue;
    const now = after.get(name);
    if (now === undefined) {
      if (isCut) continue;
      return pathOfMember("", name);
    }
    if (!isSameText(old, now)) return findInside(old, now, pathOfMember("", name));
  }
  for (const name of after.keys()) {
    if (!before.has(name) && !namesBesideThePrompt.has(name) && !wasCut) {
      return pathOfMember("", name);
    }
  }
  for (const name of conversationNames) {
    const place = findInConversation(before.get(name), after.get(name), name);
    if (place !== null) return place;
  }
  return null;
}

function findInConversation(old: Place | undefined, now: Place | undefined, name: string): string | null {
  if (old === undefined || now === undefined) return old === now || now === undefined ? null : name;
  const turns = entriesOf(old);
  const newTurns = entriesOf(now);
  if (turns === null || newTurns === null) return isSameText(old, now) ? null : name;
  for (const [at, turn] of turns.entries()) {
    const newTurn = newTurns[at];
    const path = `${name}[${at}]`;
    if (newTurn === undefined) return now.end === now.bytes.length ? null : path;
    const [one, other] = [placeOf(old, turn), placeOf(now, newTurn)];
    if (!isSameText(one, other) && !isSameButMarks(parsePlace(one), parsePlace(other))) {
      return findInside(one, other, path);
    }
  }
  return null;
}

/** The path of the first difference between two values that are not the same; `path` is theirs. */
function findInside(old: Place, now: Place, path: string): string {
  let [one, other, found] = [old, now, path];
  for (let level = 0; level < mostLevels; level += 1) {
    const step = findStep(one, other, found);
    if (step === null) return found;
    found = step.path;
    if (step.one === null || step.other === null) return found;
    [one, other] = [step.one, step.other];
  }
  return found;
}

interface Step {
  path: string;
  one: Place | null;
  other: Place | null;
}

/** The first entry in which two lists or objects differ; null if they are neither. */
function findStep(old: Place, now: Place, path: string): Step | null {
  const isList = old.bytes[old.start] === 0x5b;
  const entries = entriesOf(old);
  const newEntries = entriesOf(now);
  if (entries === null || newEntries === null || old.bytes[old.start] !== now.bytes[now.start]) return null;
  for (let at = 0; at < Math.max(entries.length, newEntries.length); at += 1) {
    const [entry, newEntry] = [entries[at], newEntries[at]];
    const name = entry?.key ?? newEntry?.key ?? "";
    const entryPath = isList ? `${path}[${at}]` : pathOfMember(path, name);
    if (entry === undefined || newEntry === undefined || entry.key !== newEntry.key) {
      return { path: entryPath, one: null, other: null };
    }
    const [one, other] = [placeOf(old, entry), placeOf(now, newEntry)];
    if (!isSameText(one, other)) return { path: entryPath, one, other };
  }
  // They differ in the blanks between their entries alone.
  return null;
}

function membersOf(bytes: Buffer): Map<string, Place> {
  const whole = { bytes, start: beginOfValue(bytes), end: bytes.length };
  const members = new Map<string, Place>();
  for (const entry of entriesOf(whole) ?? []) members.set(entry.key ?? "", placeOf(whole, entry));
  return members;
}

/** Whether there is more, or less, behind the last member than the end of its object. */
function endsCut(members: ReadonlyMap<string, Place>, bytes: Buffer): boolean {
  const lastEnd = [...members.values()].at(-1)?.end ?? beginOfValue(bytes) + 1;
  return textOfBytes(bytes, lastEnd, bytes.length).trim() !== "}";
}

function entriesOf({ bytes, start }: Place): JsonEntry[] | null {
  const isNested = bytes[start] === 0x7b || bytes[start] === 0x5b;
  return isNested ? runAtOnce(listEntries(bytes, start)) : null;
}

function placeOf({ bytes }: Place, { valueStart, valueEnd }: JsonEntry): Place {
  return { bytes, start: valueStart, end: Math.min(valueEnd, bytes.length) };
}

/** Of values that were cut, what is there. */
function isSameText(one: Place, other: Place): boolean {
  const isCut = one.end === one.bytes.length || other.end === other.bytes.length;
  const [length, otherLength] = [one.end - one.start, other.end - other.start];
  if (length !== otherLength && !isCut) return false;
  const most = Math.min(length, otherLength);
  return one.bytes.compare(other.bytes, other.start, other.start + most, one.start, one.start + most) === 0;
}

function parsePlace({ bytes, start, end }: Place): unknown {
  return parseJson(textOfBytes(bytes, start, end));
}

function pathOfMember(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name.slice(0, mostNameLength))}]`;
  const shown = name.slice(0, mostNameLength);
  return path === "" ? shown : `${path}.${shown}`;
}
