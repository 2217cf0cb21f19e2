import { countDocumentTokens } from "./count-document-tokens.ts";
import type { RequestPart } from "./list-request-parts.ts";
import type { Tokenizer, TokenizerItem } from "./tokenizer.ts";

/** A remembered count takes this much, measured; what was counted is not kept. */
const bytesPerCount = 128;
const maxMemoryBytes = 8 * 1024 * 1024;
/** On the safe side: a client that compacts too late fails. English has 4.5 and code 3.7 bytes a token. */
const bytesPerGuessedToken = 3.5;

export interface PartCounts {
  /** Raw tokens of each part, in their order. */
  counts: number[];
  /** True when some of them are guessed from the bytes, because the tokenizer failed. */
  isGuess: boolean;
}

/** Counts parts of requests and remembers the counts of what it has seen, so that only what is new costs. */
export interface PartCounter {
  /** Never rejects. */
  countParts(parts: readonly RequestPart[]): Promise<PartCounts>;
  /** Ends the tokenizer. */
  close(): void;
}

type Count = number | Promise<number>;

/** `warn` is told when the tokenizer fails and bytes are counted instead. */
export function createPartCounter(
  tokenizer: Tokenizer,
  warn: (message: string, cause: unknown) => void,
): PartCounter {
  const memory = new Map<string, Count>();

  const remember = (key: string, count: Count): void => {
    memory.delete(key);
    memory.set(key, count);
    if (memory.size * bytesPerCount <= maxMemoryBytes) return;
    const oldest = memory.keys().next();
    if (!oldest.done) memory.delete(oldest.value);
  };

  /** Counts under way are remembered too: 25 requests at once with the same tools count them once. */
  const countNew = (items: ReadonlyMap<string, TokenizerItem>): [string, Promise<number>][] => {
    const batch = tokenizer.count([...items.values()]);
    batch.catch((error: unknown) => warn("The tokenizer failed; tokens are guessed from bytes.", error));
    return [...items.keys()].map((key, index) => {
      const count = batch.then((counts) => {
        const known = counts[index] ?? 0;
        if (memory.get(key) === count) memory.set(key, known);
        return known;
      });
      count.catch(() => memory.delete(key));
      remember(key, count);
      return [key, count];
    });
  };

  const countItems = async (
    items: readonly TokenizerItem[],
  ): Promise<{ sum: number; isGuess: boolean }[]> => {
    const keys = items.map(keyOf);
    const counts = new Map<string, Count>();
    const unknown = new Map<string, TokenizerItem>();
    for (const [index, item] of items.entries()) {
      const key = keys[index] ?? "";
      const known = memory.get(key);
      if (known === undefined) unknown.set(key, item);
      else {
        remember(key, known);
        counts.set(key, known);
      }
    }
    if (unknown.size > 0) for (const [key, count] of countNew(unknown)) counts.set(key, count);
    return Promise.all(
      items.map(async (item, index) => {
        try {
          return { sum: (await counts.get(keys[index] ?? "")) ?? 0, isGuess: false };
        } catch {
          return { sum: guess(item), isGuess: true };
        }
      }),
    );
  };

  return {
    async countParts(parts) {
      const items = await countItems(parts.flatMap((part) => part.items));
      let next = 0;
      const counts = parts.map((part) => {
        const own = items.slice(next, next + part.items.length);
        next += part.items.length;
        return own.reduce((sum, item) => sum + item.sum, part.fixedTokens);
      });
      return { counts, isGuess: items.some((item) => item.isGuess) };
    },
    close: () => tokenizer.close(),
  };
}

function keyOf({ kind, content }: TokenizerItem): string {
  return `${kind} ${content.length} ${Bun.hash.xxHash64(content).toString(36)}`;
}

function guess({ kind, content }: TokenizerItem): number {
  if (kind === "document") return countDocumentTokens(content);
  return Math.ceil(Buffer.byteLength(content) / bytesPerGuessedToken);
}
