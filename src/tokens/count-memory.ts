import type { TokenizerItem } from "./tokenizer.ts";

/** Most bytes that a remembered count takes: its key, its number and its place in the map. The content is not kept. */
const bytesPerCount = 128;
const defaultMemoryBytes = 8 * 1024 * 1024;

/** The key of a remembered item. */
export type ItemKey = number;

/** One item to count, with its key. The key is made once, because it takes reading the whole content. */
export interface KeyedItem {
  item: TokenizerItem;
  key: ItemKey;
}

/** A count, or a pending one: /context asks 25 times at once. */
export type Count = number | Promise<number>;

/** Remembers counts by their content. */
export interface CountMemory {
  /** Returns the remembered count, if any, and marks it as the most recently used. */
  get(key: ItemKey): Count | undefined;
  /** Remembers a pending count; one that fails is forgotten. */
  set(key: ItemKey, count: Promise<number>): void;
  /** Reduces the memory to its size. Drops the least recently used counts first. */
  trim(): void;
}

/** @param memoryBytes the size of the memory; default 8 MiB, which is 65,536 texts */
export function createCountMemory(memoryBytes = defaultMemoryBytes): CountMemory {
  const maxCounts = memoryBytes / bytesPerCount;
  /** The least recently used first. */
  const counts = new Map<ItemKey, Count>();

  return {
    get(key) {
      const count = counts.get(key);
      // The order matters only for dropping: until the memory is half full, a lookup is the only cost.
      if (count !== undefined && counts.size > maxCounts / 2) {
        counts.delete(key);
        counts.set(key, count);
      }
      return count;
    },
    set(key, count) {
      counts.set(key, count);
      count.then(
        (tokens) => counts.get(key) === count && counts.set(key, tokens),
        () => counts.delete(key),
      );
    },
    trim() {
      for (const key of counts.keys()) {
        if (counts.size <= maxCounts) return;
        counts.delete(key);
      }
    },
  };
}

/** Distinguish a text and a document with the same content. */
const seeds = { text: 0n, document: 1n };

/**
 * The item with its key: 53 bits of the hash of its content. The key is a number, because this runs for every text of
 * every request, and converting the hash to a string took as long as the hashing.
 */
export function withKey(item: TokenizerItem): KeyedItem {
  return { item, key: Number(Bun.hash.xxHash64(item.content, seeds[item.kind])) };
}
