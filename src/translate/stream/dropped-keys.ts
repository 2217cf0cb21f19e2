import type { DroppedMembers } from "./member-filter.ts";

/** The keys of members that may be dropped, so that the beginning of one is known by its characters as they come. */
export class DroppedKeys {
  readonly #members: DroppedMembers;
  readonly #sorted: readonly string[];
  /** Characters of the longest key, each written as an escape of six. */
  readonly longestWritten: number;

  constructor(members: DroppedMembers) {
    this.#members = members;
    this.#sorted = [...new Set([...members.whenNull, ...members.whenEmpty])].sort();
    this.longestWritten = 6 * this.#sorted.reduce((most, { length }) => Math.max(most, length), 0);
  }

  get isEmpty(): boolean {
    return this.#sorted.length === 0;
  }

  isDroppedWhenNull(key: string): boolean {
    return this.#members.whenNull.has(key);
  }

  isDroppedWhenEmpty(key: string): boolean {
    return this.#members.whenEmpty.has(key);
  }

  /** The keys that a new key may become. */
  all(): KeyRange {
    return { from: 0, to: this.#sorted.length };
  }

  /** Those of `range`, which have the same `at` characters before, with `code` as the next. */
  narrow({ from, to }: KeyRange, at: number, code: number): KeyRange {
    return { from: this.#first(from, to, at, code), to: this.#first(from, to, at, code + 1) };
  }

  /** The first of the keys whose character at `at` is `code` or behind it; one that ends before has none. */
  #first(from: number, to: number, at: number, code: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#sorted[middle]?.charCodeAt(at) ?? Number.NaN;
      if (found >= code) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Positions in the sorted keys, `to` not included; empty when they are equal. */
export interface KeyRange {
  from: number;
  to: number;
}
