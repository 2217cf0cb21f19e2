import type { TokenizerItem } from "./tokenizer.ts";

/** At most what a remembered count takes: its key, its number and the map's room. The content is not kept. */
const bytesPerCount = 128;
const defaultMemoryBytes = 8 * 1024 * 1024;

/** What an item is remembered by. */
export type ItemKey = number;

/** One thing to be counted, with its key, which is made once: the whole content is read for it. */
export interface KeyedItem {
  item: TokenizerItem;
  key: ItemKey;
}

/** A count, or one that is under way: /context asks 25 times at once. */
export type Count = number | Promise<number>;

/** Counts by the content they are of. */
export interface CountMemory {
  /** What is remembered of the key, if anything. It is the latest used then. */
  get(key: ItemKey): Count | undefined;
  /** Keeps a count that has begun; one that fails is forgotten. */
  set(key: ItemKey, count: Promise<number>): void;
  /** Brings the memory back to its size. The least recently used go first. */
  trim(): void;
}

/** @param memoryBytes how much may be remembered; 8 MiB, which is 65,536 texts, when not given */
export function createCountMemory(memoryBytes = defaultMemoryBytes): CountMemory {
  const maxCounts = memoryBytes / bytesPerCount;
  /** The least recently used first. */
  const counts = new Map<ItemKey, Count>();

  return {
    get(key) {
      const count = counts.get(key);
      // The order matters only when something has to go: until the memory is half full, looking up is all it costs.
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

/** Keep a text and a document of the same content apart. */
const seeds = { text: 0n, document: 1n };

/**
 * The item with its key: 53 bits of the hash of its content. A number, because this is done for every text of every
 * request, and making a text of the hash took as long as the hashing.
 */
export function withKey(item: TokenizerItem): KeyedItem {
  return { item, key: Number(Bun.hash.xxHash64(item.content, seeds[item.kind])) };
}
