import { isJsonObject, type JsonObject } from "./json-value.ts";
import type { LongValue } from "./outline-json.ts";

/** Thrown by `parsePieces` for a text that is no JSON. Why it is none, `JSON.parse` of the whole says. */
export class BrokenPiece extends Error {}

/** What of a text stands for one character ends within so many bytes: `\u0041`. */
const longestEscape = 6;

/**
 * Parses the value of an outline: what `JSON.parse` would give for the whole, but no more than `pieceBytes` or so are
 * parsed between two yields. The bytes must be UTF-8. `rewrite` may change the text of numbers. Throws BrokenPiece, or
 * the SyntaxError of a piece.
 */
export function* parsePieces(
  bytes: Uint8Array,
  root: LongValue,
  pieceBytes: number,
  rewrite: (json: string) => string = (json) => json,
): Generator<void, unknown> {
  return yield* new PieceParser(bytes, pieceBytes, rewrite).parse(root);
}

class PieceParser {
  readonly #bytes: Uint8Array;
  readonly #pieceBytes: number;
  readonly #rewrite: (json: string) => string;
  /** A mark of the byte order within the text is a character of it. */
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Bytes that were parsed since the last yield. */
  #parsed = 0;

  constructor(bytes: Uint8Array, pieceBytes: number, rewrite: (json: string) => string) {
    this.#bytes = bytes;
    this.#pieceBytes = pieceBytes;
    this.#rewrite = rewrite;
  }

  parse(value: LongValue): Generator<void, unknown> {
    if (value.kind === "text") return this.#parseText(value);
    return value.kind === "list" ? this.#parseList(value) : this.#parseObject(value);
  }

  *#parseList(list: LongValue): Generator<void, unknown[]> {
    const result: unknown[] = [];
    for (const run of runsOf(list)) {
      const items = this.#parseRun(run, ["[", "]"]);
      if (!Array.isArray(items) || isMissing(items, run)) throw new BrokenPiece();
      const [long] = run.inner;
      if (long !== undefined) result.push(yield* this.parse(long));
      else for (const item of items) result.push(item);
      if (this.#isTired()) yield;
    }
    return result;
  }

  *#parseObject(object: LongValue): Generator<void, JsonObject> {
    const result: JsonObject = {};
    for (const run of runsOf(object)) {
      const members = this.#parseRun(run, ["{", "}"]);
      if (!isJsonObject(members)) throw new BrokenPiece();
      const entries = Object.entries(members);
      if (isMissing(entries, run)) throw new BrokenPiece();
      if (run.inner.length === 0) for (const [key, value] of entries) setMember(result, key, value);
      else {
        const [[shortKey, shortValue] = ["", null]] = entries;
        const [first, second] = run.inner;
        const hasLongKey = first !== undefined && this.#isKey(first, run.start);
        const key = hasLongKey ? yield* this.#parseText(first) : shortKey;
        const long = hasLongKey ? second : first;
        setMember(result, key, long === undefined ? shortValue : yield* this.parse(long));
      }
      if (this.#isTired()) yield;
    }
    return result;
  }

  /** What stands in the run, with `null` in the place of each long value, and `""` in that of a long key. */
  #parseRun({ start, end, inner }: Run, [opening, closing]: readonly [string, string]): unknown {
    let text = opening;
    let from = start;
    for (const long of inner) {
      const isKey = opening === "{" && from === start && this.#isKey(long, start);
      text += this.#decode(from, long.start) + (isKey ? '""' : "null");
      from = long.end;
    }
    return JSON.parse(this.#rewrite(text + this.#decode(from, end) + closing));
  }

  /** Whether a long value stands at the begin of its run, where an object has a key. */
  #isKey(long: LongValue, start: number): boolean {
    return long.kind === "text" && this.#decode(start, long.start).trim() === "";
  }

  *#parseText({ start, end }: LongValue): Generator<void, string> {
    const pieces: string[] = [];
    for (let from = start + 1; from < end - 1; ) {
      const to = this.#cutText(from, end - 1);
      const piece: unknown = JSON.parse(`"${this.#decode(from, to)}"`);
      if (typeof piece !== "string") throw new BrokenPiece();
      pieces.push(piece);
      from = to;
      if (this.#isTired()) yield;
    }
    return pieces.join("");
  }

  /** Where the piece of a text ends that begins at `from`: within no character, and within none that is escaped. */
  #cutText(from: number, end: number): number {
    const at = from + this.#pieceBytes;
    if (at >= end) return end;
    for (let back = at; back > at - longestEscape; back -= 1) {
      if (this.#bytes[back - 1] === 0x5c && this.#isEscaped(back, from)) return back - 1;
    }
    let cut = at;
    while (((this.#bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
    return cut;
  }

  /** Whether the backslash before the byte is not itself behind one. Pieces end behind whole escapes. */
  #isEscaped(at: number, from: number): boolean {
    let backslashes = 1;
    while (at - 1 - backslashes >= from && this.#bytes[at - 1 - backslashes] === 0x5c) backslashes += 1;
    return backslashes % 2 === 1;
  }

  #decode(start: number, end: number): string {
    this.#parsed += end - start;
    return this.#decoder.decode(this.#bytes.subarray(start, end));
  }

  #isTired(): boolean {
    if (this.#parsed < this.#pieceBytes) return false;
    this.#parsed = 0;
    return true;
  }
}

/** Members between two cuts. */
interface Run {
  start: number;
  end: number;
  /** The long values in it: one in a list, in an object also its key; none in a run of short members. */
  inner: readonly LongValue[];
  /** There are other runs beside it. */
  isBetweenCommas: boolean;
}

function* runsOf({ start, end, cuts, inner }: LongValue): Generator<Run, void> {
  const isBetweenCommas = cuts.length > 0;
  let from = start + 1;
  let next = 0;
  for (const to of [...cuts, end - 1]) {
    const first = next;
    while ((inner[next]?.start ?? to) < to) next += 1;
    yield { start: from, end: to, inner: inner.slice(first, next), isBetweenCommas };
    from = to + 1;
  }
}

/** Between two commas something has to be. */
function isMissing({ length }: readonly unknown[], { isBetweenCommas }: Run): boolean {
  return length === 0 && isBetweenCommas;
}

/** As `JSON.parse` does, for which `__proto__` is a name like any other. */
function setMember(object: JsonObject, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}
