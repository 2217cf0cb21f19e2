import { countDocumentTokens } from "./count-document-tokens.ts";
import type { RequestPart } from "./request-part.ts";
import type { Tokenizer, TokenizerItem } from "./tokenizer.ts";

/** What a remembered count takes, measured: its key, its number and the map's room. The content is not kept. */
const bytesPerCount = 128;
const defaultMemoryBytes = 8 * 1024 * 1024;
/** Between English (4.5) and JSON (3): a client that compacts too late fails, one that does so early does not. */
const bytesPerGuessedToken = 3.5;

export interface PartCounts {
  /** Raw tokens of each part, in their order. */
  counts: number[];
  /** True when some of them are guessed from the bytes, because the tokenizer failed or was not asked. */
  isGuess: boolean;
}

/** Counts parts of requests and remembers what it has counted, so that only what is new costs. */
export interface PartCounter {
  /** Never rejects. */
  countParts(parts: readonly RequestPart[]): Promise<PartCounts>;
  /** What is remembered of the parts, and a guess for the rest. The tokenizer is not asked. */
  guessParts(parts: readonly RequestPart[]): PartCounts;
  /** Ends the tokenizer. */
  close(): void;
}

export interface PartCounterOptions {
  tokenizer: Tokenizer;
  /** Told when the tokenizer fails and bytes are counted instead. */
  warn(message: string, cause: unknown): void;
  /** How much may be remembered; 8 MiB, which is 65,536 texts, when not given. */
  memoryBytes?: number;
}

type Count = number | Promise<number>;

interface ItemCount {
  tokens: number;
  isGuess: boolean;
}

/** Counts by `tokenizer`; identical texts are counted once, also when they come at the same time. */
export function createPartCounter(options: PartCounterOptions): PartCounter {
  const { tokenizer, warn } = options;
  const maxCounts = (options.memoryBytes ?? defaultMemoryBytes) / bytesPerCount;
  /** The least recently used first. A count that is under way is in here too: /context asks 25 times at once. */
  const memory = new Map<string, Count>();

  let lastFailure: unknown = null;

  /** While it is down the tokenizer rejects with one and the same error: that is worth one line. */
  const warnOnce = (error: unknown): void => {
    if (error !== lastFailure) warn("Token counts are guessed from bytes: the tokenizer failed.", error);
    lastFailure = error;
  };

  const remember = (key: string, count: Promise<number>): void => {
    memory.set(key, count);
    count.then(
      (tokens) => memory.get(key) === count && memory.set(key, tokens),
      () => memory.delete(key),
    );
  };

  const forgetOldest = (): void => {
    for (const key of memory.keys()) {
      if (memory.size <= maxCounts) return;
      memory.delete(key);
    }
  };

  const countItems = (items: readonly TokenizerItem[]): Promise<ItemCount[]> => {
    const unknown: TokenizerItem[] = [];
    const batch = Promise.withResolvers<readonly number[]>();
    const counts = items.map((item): Promise<ItemCount> => {
      const key = keyOf(item);
      const known = memory.get(key);
      if (known !== undefined) {
        memory.delete(key);
        memory.set(key, known);
        return settle(item, known);
      }
      const index = unknown.push(item) - 1;
      const count = batch.promise.then((all) => all[index] ?? 0);
      remember(key, count);
      return settle(item, count);
    });
    forgetOldest();
    if (unknown.length > 0) {
      batch.resolve(tokenizer.count(unknown));
      batch.promise.catch(warnOnce);
    }
    return Promise.all(counts);
  };

  const recall = (item: TokenizerItem): ItemCount => {
    const known = memory.size === 0 ? undefined : memory.get(keyOf(item));
    return typeof known === "number"
      ? { tokens: known, isGuess: false }
      : { tokens: guess(item), isGuess: true };
  };

  return {
    async countParts(parts) {
      return addUp(parts, await countItems(parts.flatMap((part) => part.items)));
    },
    guessParts: (parts) => addUp(parts, parts.flatMap((part) => part.items).map(recall)),
    close: () => tokenizer.close(),
  };
}

/** `items` are the counts of the items of all parts, in their order. */
function addUp(parts: readonly RequestPart[], items: readonly ItemCount[]): PartCounts {
  let next = 0;
  const counts = parts.map((part) => {
    const own = items.slice(next, next + part.items.length);
    next += part.items.length;
    return own.reduce((sum, item) => sum + item.tokens, part.fixedTokens);
  });
  return { counts, isGuess: items.some((item) => item.isGuess) };
}

async function settle(item: TokenizerItem, count: Count): Promise<ItemCount> {
  try {
    return { tokens: await count, isGuess: false };
  } catch {
    return { tokens: guess(item), isGuess: true };
  }
}

function keyOf({ kind, content }: TokenizerItem): string {
  return `${kind} ${content.length} ${Bun.hash.xxHash64(content).toString(36)}`;
}

function guess({ kind, content }: TokenizerItem): number {
  if (kind === "document") return countDocumentTokens(content);
  return Math.ceil(Buffer.byteLength(content) / bytesPerGuessedToken);
}
