import type { JsonLimits } from "./find-excess.ts";

/** A value in the bytes of a JSON text that is too long to be parsed at once. */
export interface LongValue {
  kind: "text" | "list" | "object";
  /** Its first byte, and the one after its last. */
  start: number;
  end: number;
  /**
   * For a list or an object: commas between its members that divide it into runs. Each run is short or holds one long
   * value.
   */
  cuts: readonly number[];
  /** The long values directly inside it, in their order, without those inside them. For an object also long keys. */
  inner: readonly LongValue[];
}

/** What is known about a JSON text without parsing it. */
export interface JsonOutline {
  /** The limit that it exceeds, as `findExcess` returns it for the text. */
  excess: keyof JsonLimits | null;
  /** The whole text without surrounding blanks; null if it is not JSON, or no list, object or string of that length. */
  root: LongValue | null;
}

/** Bytes to scan between two yields: 5 ms at most. */
const stepBytes = 2 * 1024 * 1024;

/**
 * Finds the places where a JSON text can be cut, so that it can be parsed in pieces of `pieceBytes`. Yields every few
 * milliseconds. Text that is not JSON may get an outline too: only parsing the pieces reveals that.
 */
export function* outlineJson(
  bytes: Uint8Array,
  limits: JsonLimits,
  pieceBytes: number,
): Generator<void, JsonOutline> {
  const scanner = new OutlineScanner(bytes, limits, pieceBytes);
  while (!scanner.scan(stepBytes)) yield;
  return scanner.outline;
}

/**
 * Walks the bytes once. The arrays hold the state of each open list or object at its depth, so that half a million
 * short ones need no objects. Depth 0 is the text itself.
 */
class OutlineScanner {
  readonly #bytes: Uint8Array;
  readonly #limits: JsonLimits;
  readonly #pieceBytes: number;
  readonly #starts: Int32Array;
  readonly #lastCommas: Int32Array;
  readonly #lastCuts: Int32Array;
  readonly #cuts: number[][];
  readonly #inner: LongValue[][];
  #at = 0;
  #depth = 0;
  #values = 0;
  #excess: keyof JsonLimits | null = null;
  #isBroken = false;

  constructor(bytes: Uint8Array, limits: JsonLimits, pieceBytes: number) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#pieceBytes = pieceBytes;
    const levels = limits.depth + 1;
    this.#starts = new Int32Array(levels);
    this.#lastCommas = new Int32Array(levels);
    this.#lastCuts = new Int32Array(levels);
    this.#cuts = Array.from({ length: levels }, () => []);
    this.#inner = Array.from({ length: levels }, () => []);
  }

  get outline(): JsonOutline {
    const excess = this.#excess ?? (this.#values > this.#limits.values ? "values" : null);
    const [root = null] = this.#inner[0] ?? [];
    const isWhole =
      root !== null && this.#isBlank(0, root.start) && this.#isBlank(root.end, this.#bytes.length);
    return { excess, root: isWhole && !this.#isBroken && this.#depth === 0 ? root : null };
  }

  /** Scans some more bytes, up to the end of a string that continues beyond them; true at the end of the text. */
  scan(most: number): boolean {
    const bytes = this.#bytes;
    const end = Math.min(bytes.length, this.#at + most);
    let at = this.#at;
    for (; at < end; at += 1) {
      const code = bytes[at];
      if (code === 0x22) at = this.#passText(at);
      else if (code === 0x2c) this.#separate(at);
      else if (code === 0x7b || code === 0x5b) {
        if (!this.#open(at)) return true;
      } else if (code === 0x7d || code === 0x5d) this.#close(at, code);
    }
    this.#at = at;
    return at >= bytes.length;
  }

  #open(at: number): boolean {
    this.#depth += 1;
    this.#values += 1;
    if (this.#depth > this.#limits.depth) this.#excess = "depth";
    else if (this.#values > this.#limits.values) this.#excess = "values";
    if (this.#excess !== null) return false;
    this.#starts[this.#depth] = at;
    this.#lastCuts[this.#depth] = at;
    return true;
  }

  #separate(at: number): void {
    this.#values += 1;
    const depth = this.#depth;
    this.#lastCommas[depth] = at;
    if (at - (this.#lastCuts[depth] ?? 0) > this.#pieceBytes) this.#cut(depth, at);
  }

  #close(at: number, code: number): void {
    const depth = this.#depth;
    this.#depth -= 1;
    // This bracket closes nothing. So it is outside the root, where only blanks are allowed, and `outline` finds it
    // there.
    if (depth <= 0) return;
    const start = this.#starts[depth] ?? 0;
    // Short ones left no notes.
    if (at - start < this.#pieceBytes) return;
    const isObject = this.#bytes[start] === 0x7b;
    if (isObject !== (code === 0x7d)) this.#isBroken = true;
    const cuts = this.#cuts[depth] ?? [];
    const inner = this.#inner[depth] ?? [];
    this.#cuts[depth] = [];
    this.#inner[depth] = [];
    this.#noteLong({ kind: isObject ? "object" : "list", start, end: at + 1, cuts, inner });
  }

  /** Returns the position of the text's last quote; `start` is the first. */
  #passText(start: number): number {
    const end = endOfText(this.#bytes, start);
    if (end < this.#bytes.length && end - start >= this.#pieceBytes) {
      this.#noteLong({ kind: "text", start, end: end + 1, cuts: [], inner: [] });
    }
    return end;
  }

  /** Puts a long value in a run of its own. */
  #noteLong(value: LongValue): void {
    const depth = this.#depth;
    const lastComma = this.#lastCommas[depth] ?? 0;
    if (lastComma > (this.#lastCuts[depth] ?? 0)) this.#cut(depth, lastComma);
    this.#inner[depth]?.push(value);
  }

  #cut(depth: number, at: number): void {
    this.#cuts[depth]?.push(at);
    this.#lastCuts[depth] = at;
  }

  #isBlank(from: number, to: number): boolean {
    const start = from === 0 ? beginOfText(this.#bytes) : from;
    for (let at = start; at < to; at += 1) {
      const code = this.#bytes[at];
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false;
    }
    return true;
  }
}

/** The position after the byte order mark, which decoders leave out. */
export function beginOfText(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Most texts are shorter: checking their bytes costs less than a native search. */
const shortText = 24;

/** The position of the quote that ends the text which begins at `start`; the number of bytes if it has no end. */
export function endOfText(bytes: Uint8Array, start: number): number {
  const near = Math.min(bytes.length, start + shortText);
  for (let at = start + 1; at < near; at += 1) {
    const code = bytes[at];
    if (code === 0x22) return at;
    if (code === 0x5c) at += 1;
  }
  for (let end = bytes.indexOf(0x22, near); end !== -1; end = bytes.indexOf(0x22, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return bytes.length;
}
