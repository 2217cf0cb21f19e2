import type { RequestSize } from "../budgets.ts";
import type { SpendingCounter } from "../spending-counter.ts";
import { type CounterKey, textOfKey } from "./counter-key.ts";

/** A counter of this instance, and the one of the database that it follows. */
export interface SharedCounter {
  readonly local: SpendingCounter;
  readonly key: CounterKey;
}

/** A running request of somebody with a cap. */
export interface HeldRequest {
  readonly requestId: string;
  readonly counters: readonly SharedCounter[];
  readonly size: RequestSize;
  /** What is reserved for it, or may be, in dollars. */
  usd: number;
}

/** Settled with the record, which is written behind the answers; that takes this long at most, if all is well. */
const settleMs = 60_000;

/** The requests of this instance for which something is reserved, or may be. */
export class HeldRequests {
  readonly #held = new Map<string, HeldRequest>();
  /** By the texts of the counters' keys, the ids of the requests. */
  readonly #holders = new Map<string, Set<string>>();
  /** When those have ended that wait for the record to be written, the oldest first. */
  readonly #ended = new Map<string, number>();
  readonly #nowMs: () => number;

  /** @param nowMs a clock that is never set back */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get(requestId: string): HeldRequest | undefined {
    return this.#held.get(requestId);
  }

  add(request: Omit<HeldRequest, "usd">): HeldRequest {
    const held = { ...request, usd: 0 };
    const { requestId } = held;
    this.#held.set(requestId, held);
    for (const { key } of held.counters) {
      const text = textOfKey(key);
      const holders = this.#holders.get(text) ?? new Set();
      this.#holders.set(text, holders.add(requestId));
    }
    return held;
  }

  /** Whether no other request of this instance may have something reserved at the counter. */
  isAlone({ requestId }: HeldRequest, key: CounterKey): boolean {
    const holders = this.#holders.get(textOfKey(key));
    return holders === undefined || holders.size === (holders.has(requestId) ? 1 : 0);
  }

  end(requestId: string): void {
    const held = this.#held.get(requestId);
    if (held === undefined) return;
    this.#held.delete(requestId);
    for (const { key } of held.counters) {
      const text = textOfKey(key);
      const holders = this.#holders.get(text);
      holders?.delete(requestId);
      if (holders?.size === 0) this.#holders.delete(text);
    }
    this.#ended.set(requestId, this.#nowMs());
  }

  /** The ids of those that run, and of those that have just ended. */
  list(): string[] {
    const now = this.#nowMs();
    for (const [id, endedMs] of this.#ended) {
      if (now - endedMs < settleMs) break;
      this.#ended.delete(id);
    }
    return [...this.#held.keys(), ...this.#ended.keys()];
  }
}
