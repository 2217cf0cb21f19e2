import { beginOfText, endOfText } from "./outline-json.ts";
import { parseJson } from "./parse-json.ts";

/** One member of an object, or one value of a list, by its place in the bytes of a JSON text. */
export interface JsonEntry {
  /** The name of a member, decoded; null for the value of a list. */
  key: string | null;
  /** The first byte: of the name, or of the value in a list. */
  start: number;
  /** The first byte of the value, and the one after its last. */
  valueStart: number;
  valueEnd: number;
}

/** Bytes to scan between two yields: some milliseconds. */
const stepBytes = 2 * 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The entries of the object or list whose bracket stands at `start`, in their order; a name that stands there twice is
 * there twice. The bytes must be JSON that was parsed before: of others it gives some entries, or too few. Yields every
 * few milliseconds.
 */
export function* listEntries(bytes: Uint8Array, start: number): Generator<void, JsonEntry[]> {
  const isObject = bytes[start] === 0x7b;
  const entries: JsonEntry[] = [];
  let at = skipBlanks(bytes, start + 1);
  let nextYield = start + stepBytes;
  while (at < bytes.length && bytes[at] !== 0x7d && bytes[at] !== 0x5d) {
    const entryStart = at;
    let key: string | null = null;
    if (isObject) {
      const keyEnd = endOfText(bytes, at) + 1;
      if (keyEnd > bytes.length) break;
      key = decodeKey(bytes.subarray(at, keyEnd));
      at = skipBlanks(bytes, keyEnd);
      at = skipBlanks(bytes, at + 1);
    }
    // Not one generator for each of the many short values.
    const valueEnd = endOfPlainValue(bytes, at) ?? (yield* endOfNested(bytes, at));
    entries.push({ key, start: entryStart, valueStart: at, valueEnd });
    at = skipBlanks(bytes, valueEnd);
    if (bytes[at] === 0x2c) at = skipBlanks(bytes, at + 1);
    if (at < nextYield) continue;
    nextYield = at + stepBytes;
    yield;
  }
  return entries;
}

/** The position of the bracket or value with which a JSON text begins. */
export function beginOfValue(bytes: Uint8Array): number {
  return skipBlanks(bytes, beginOfText(bytes));
}

function skipBlanks(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isBlank(bytes[end])) end += 1;
  return end;
}

/** The text of a value, a name or a part of them. */
export function textOfBytes(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end));
}

function decodeKey(quoted: Uint8Array): string {
  const text = utf8.decode(quoted);
  if (!text.includes("\\")) return text.slice(1, -1);
  const key = parseJson(text);
  return typeof key === "string" ? key : text;
}

/** Null for an object or a list. */
function endOfPlainValue(bytes: Uint8Array, start: number): number | null {
  const first = bytes[start];
  if (first === 0x22) return endOfText(bytes, start) + 1;
  return first === 0x7b || first === 0x5b ? null : endOfScalar(bytes, start);
}

function* endOfNested(bytes: Uint8Array, start: number): Generator<void, number> {
  let depth = 0;
  let nextYield = start + stepBytes;
  for (let at = start; at < bytes.length; at += 1) {
    const code = bytes[at];
    if (code === 0x22) at = endOfText(bytes, at);
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    if (at < nextYield) continue;
    nextYield = at + stepBytes;
    yield;
  }
  return bytes.length;
}

function endOfScalar(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && !isBlank(bytes[end]) && !endsScalar(bytes[end])) end += 1;
  return end;
}

function endsScalar(code: number | undefined): boolean {
  return code === 0x2c || code === 0x7d || code === 0x5d;
}

function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
