import { isJsonObject, type JsonObject } from "./json-value.ts";
import type { LongValue } from "./outline-json.ts";

/** Thrown by `parsePieces` for a text that is not JSON. `JSON.parse` of the whole text gives the reason. */
export class BrokenPiece extends Error {}

/** Most bytes of one escaped character: `\u0041`. */
const longestEscape = 6;

/**
 * Parses the value of an outline. It returns what `JSON.parse` would for the whole text, but parses only about
 * `pieceBytes` between two yields. The bytes must be UTF-8. `rewrite` may change the text of numbers. Throws
 * BrokenPiece, or the SyntaxError of a piece.
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
  /** A byte order mark within the text is an ordinary character. */
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

  /** The short values of the run, with `null` in place of each long value, and `""` in place of a long key. */
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

  /** Whether a long value is at the beginning of its run, where an object has a key. */
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

  /** The end of the piece of text that begins at `from`. It divides no character and no escape. */
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

  /**
   * Whether an odd number of backslashes precedes the byte, so that the last one escapes it. Pieces never end within an
   * escape.
   */
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
  /** The long values in it: one in a list, in an object possibly also its key; none in a run of short members. */
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

/** There must be a value between two commas. */
function isMissing({ length }: readonly unknown[], { isBetweenCommas }: Run): boolean {
  return length === 0 && isBetweenCommas;
}

/** As `JSON.parse` does: `__proto__` is a name like any other. */
function setMember(object: JsonObject, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}
