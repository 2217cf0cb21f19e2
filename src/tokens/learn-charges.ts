import type { ItemKey } from "./count-memory.ts";
import type { PartCounter, RecalledParts } from "./part-counter.ts";
import { type Charge, type WaitingCharge, WaitingCharges } from "./waiting-charges.ts";

export interface ChargeLearningOptions {
  counter: Pick<PartCounter, "countItems" | "recall">;
  /** Learns from one charge; called for the charges of one model in the order of their answers. */
  learn(model: string, rawTokens: number, promptTokens: number): void;
  /** Requests are counted after no charge came for this long; default 3 s. */
  quietMs?: number;
  /** The longest that a charge waits for such a pause; default 30 s. */
  maxWaitMs?: number;
  /** If more than this waits, it is counted at once; default 8 MiB. */
  maxBytes?: number;
}

/** Passing a text to the tokenizer's thread takes a few microseconds, and streams continue between such batches. */
const itemsAtOnce = 500;

/**
 * Learns from every charge. Counting loads the tokenizer's table and costs more than everything else in a request. So
 * the new texts of a request are counted in the pause after it, together with those of other requests and once for all
 * of them. Only new texts are kept until then. If more arrives than the thread can count, which is some 10 MB a second,
 * charges beyond `maxBytes` are skipped.
 */
export class ChargeLearning {
  readonly #options: Required<ChargeLearningOptions>;
  #waiting = new WaitingCharges();
  #timer: Timer | null = null;
  #isCounting = false;
  #oldestMs = 0;
  #latestMs = 0;

  constructor(options: ChargeLearningOptions) {
    this.#options = { quietMs: 3_000, maxWaitMs: 30_000, maxBytes: 8 * 1024 * 1024, ...options };
  }

  /** Learns from a charge: at once if its request is counted and no earlier charge of its model waits, else later. */
  note(charge: Charge): void {
    const { counter, learn, maxBytes, quietMs } = this.#options;
    this.#latestMs = performance.now();
    const recalled = recallAgain(charge, counter);
    if (recalled.uncounted.length === 0 && !this.#waiting.has(charge.model)) {
      learn(charge.model, recalled.knownTokens, charge.promptTokens);
      return;
    }
    if (this.#waiting.bytes > maxBytes) return;
    if (this.#waiting.size === 0) this.#oldestMs = this.#latestMs;
    this.#waiting.add({ ...charge, ...recalled });
    if (this.#waiting.bytes > maxBytes) void this.#countWaiting();
    else this.#wakeIn(quietMs);
  }

  /** Learns from the charges whose requests are already counted, and drops the others. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const charge of this.#waiting.take(this.#waiting.size)) {
      this.#learnIfCounted(charge, this.#options.counter.recall);
    }
  }

  #wakeIn(ms: number): void {
    this.#timer ??= setTimeout(() => this.#wake(), Math.ceil(ms)).unref();
  }

  /** One timer for both limits, so that it need not be restarted for every charge. */
  #wake(): void {
    const { quietMs, maxWaitMs } = this.#options;
    this.#timer = null;
    const dueMs = Math.min(this.#latestMs + quietMs, this.#oldestMs + maxWaitMs);
    const restMs = dueMs - performance.now();
    if (restMs > 0) this.#wakeIn(restMs);
    else void this.#countWaiting();
  }

  /** Never rejects, because counting does not. */
  async #countWaiting(): Promise<void> {
    if (this.#isCounting) return;
    this.#isCounting = true;
    do {
      const { size } = this.#waiting;
      const counts = await this.#countTexts();
      // Not taken earlier: charges that arrive meanwhile must be learned after these.
      for (const charge of this.#waiting.take(size)) this.#learnIfCounted(charge, (key) => counts.get(key));
    } while (this.#waiting.bytes > this.#options.maxBytes);
    this.#isCounting = false;
    if (this.#waiting.size === 0) return;
    this.#oldestMs = performance.now();
    this.#wakeIn(this.#options.quietMs);
  }

  /** Leaves out texts that could not be counted. */
  async #countTexts(): Promise<Map<ItemKey, number>> {
    const texts = this.#waiting.takeTexts();
    const counts = new Map<ItemKey, number>();
    for (let start = 0; start < texts.length; start += itemsAtOnce) {
      const some = texts.slice(start, start + itemsAtOnce);
      const counted = await this.#options.counter.countItems(some);
      for (const [index, { key }] of some.entries()) {
        const count = counted[index];
        if (count !== undefined && !count.isGuess) counts.set(key, count.tokens);
      }
    }
    return counts;
  }

  #learnIfCounted(charge: WaitingCharge, recall: (key: ItemKey) => number | undefined): void {
    let rawTokens = charge.knownTokens;
    for (const key of charge.uncounted) {
      const tokens = recall(key);
      if (tokens === undefined) return;
      rawTokens += tokens;
    }
    this.#options.learn(charge.model, rawTokens, charge.promptTokens);
  }
}

/** Some of the texts may have been counted since. */
function recallAgain(
  { knownTokens, uncounted }: RecalledParts,
  counter: ChargeLearningOptions["counter"],
): RecalledParts {
  let tokens = knownTokens;
  const rest = uncounted.filter(({ key }) => {
    const count = counter.recall(key);
    if (count !== undefined) tokens += count;
    return count === undefined;
  });
  return { knownTokens: tokens, uncounted: rest };
}
