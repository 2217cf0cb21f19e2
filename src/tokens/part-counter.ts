import { guessDocumentTokens } from "./count-document-tokens.ts";
import { type Count, createCountMemory, type ItemKey, type KeyedItem, withKey } from "./count-memory.ts";
import type { RequestPart } from "./request-part.ts";
import type { Tokenizer, TokenizerItem } from "./tokenizer.ts";

/** Between English (4.5) and JSON (3): a client that compacts too late fails, one that does so early does not. */
const bytesPerGuessedToken = 3.5;

export interface PartCounts {
  /** Raw tokens of each part, in their order. */
  counts: number[];
  /** True when some of them are guessed from the bytes, because the tokenizer failed. */
  isGuess: boolean;
}

export interface ItemCount {
  tokens: number;
  isGuess: boolean;
}

/** What was counted before, and what was not. */
export interface RecalledParts {
  /** Raw tokens of all that was counted before, or needs no tokenizer. */
  knownTokens: number;
  /** The rest, each as often as it comes. */
  uncounted: readonly KeyedItem[];
}

/** Counts parts of requests and remembers what it has counted, so that only what is new costs. */
export interface PartCounter {
  /** The tokenizer runs, so that what is new is all that a count costs. */
  readonly isAwake: boolean;
  /** Never rejects. */
  countParts(parts: readonly RequestPart[]): Promise<PartCounts>;
  /** One count for each item, in their order. Never rejects. */
  countItems(items: readonly KeyedItem[]): Promise<ItemCount[]>;
  /** What is remembered of the parts. The tokenizer is not asked. */
  recallParts(parts: readonly RequestPart[]): RecalledParts;
  /** The count that is remembered by a key, if there is one by now. */
  recall(key: ItemKey): number | undefined;
  /** Ends the tokenizer. */
  close(): void;
}

export interface PartCounterOptions {
  tokenizer: Tokenizer;
  /** Called when the tokenizer fails and bytes are counted instead. */
  warn(message: string, cause: unknown): void;
  /** How much may be remembered; default 8 MiB. */
  memoryBytes?: number;
}

/** Counts by `tokenizer`; identical texts are counted once, also when they come at the same time. */
export function createPartCounter(options: PartCounterOptions): PartCounter {
  const { tokenizer } = options;
  const memory = createCountMemory(options.memoryBytes);
  const failures = createFailureWarner(options.warn);

  const countItems = (items: readonly KeyedItem[]): Promise<ItemCount[]> => {
    const unknown: TokenizerItem[] = [];
    const batch = Promise.withResolvers<readonly number[]>();
    const counts = items.map(({ item, key }): Promise<ItemCount> => {
      const known = memory.get(key);
      if (known !== undefined) return settle(item, known);
      const index = unknown.push(item) - 1;
      const count = batch.promise.then((all) => all[index] ?? 0);
      memory.set(key, count);
      return settle(item, count);
    });
    memory.trim();
    if (unknown.length > 0) {
      batch.resolve(tokenizer.count(unknown));
      batch.promise.catch(failures.warnOnce);
    }
    return Promise.all(counts);
  };

  const recall = (key: ItemKey): number | undefined => {
    const known = memory.get(key);
    return typeof known === "number" ? known : undefined;
  };

  return {
    get isAwake() {
      return tokenizer.isAwake;
    },
    async countParts(parts) {
      return addUp(parts, await countItems(parts.flatMap((part) => part.items.map(withKey))));
    },
    countItems,
    recallParts: (parts) => recallParts(parts, recall),
    recall,
    close() {
      failures.end();
      tokenizer.close();
    },
  };
}

/** While it is down the tokenizer rejects with one and the same error: that is worth one line. */
function createFailureWarner(warn: PartCounterOptions["warn"]) {
  let lastFailure: unknown = null;
  let hasEnded = false;
  return {
    warnOnce(error: unknown): void {
      // What was under way fails with it, which is no fault.
      if (hasEnded) return;
      if (error !== lastFailure) warn("Token counts are guessed from bytes: the tokenizer failed.", error);
      lastFailure = error;
    },
    end(): void {
      hasEnded = true;
    },
  };
}

function recallParts(parts: readonly RequestPart[], recall: PartCounter["recall"]): RecalledParts {
  let knownTokens = 0;
  const uncounted: KeyedItem[] = [];
  for (const part of parts) {
    knownTokens += part.fixedTokens;
    for (const item of part.items) {
      const keyed = withKey(item);
      const tokens = recall(keyed.key);
      if (tokens === undefined) uncounted.push(keyed);
      else knownTokens += tokens;
    }
  }
  return { knownTokens, uncounted };
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
    return { tokens: guessTokens(item), isGuess: true };
  }
}

/** Tokens of an item by its bytes. */
export function guessTokens({ kind, content }: TokenizerItem): number {
  if (kind === "document") return guessDocumentTokens(content);
  return Math.ceil(Buffer.byteLength(content) / bytesPerGuessedToken);
}
