import { PostgresError } from "../../postgres/postgres-error.ts";
import type { SpendingCounter } from "../spending-counter.ts";
import { textOfKey } from "./counter-key.ts";
import type { HeldRequest, HeldRequests, SharedCounter } from "./held-requests.ts";
import type { Silence } from "./silence.ts";
import type { Reserved, SpendingLedger } from "./spending-ledger.ts";

const looksBeforeLost = 10;

export interface SpendingDeskOptions {
  readonly ledger: SpendingLedger;
  readonly held: HeldRequests;
  readonly silence: Silence;
  /** What the record says was spent against a counter, in dollars. */
  readonly findSpentUsd: (counter: SpendingCounter) => Promise<number>;
  /** How long a request waits for all of it: milliseconds. */
  readonly waitMs: number;
}

/** Where requests ask whether they may spend. */
export class SpendingDesk {
  readonly #options: SpendingDeskOptions;
  /** Counters that are being begun, by the texts of their keys. */
  readonly #beginnings = new Map<string, Promise<void>>();
  /** Settings of caps whose counter was compared with the record since they came into force here. */
  readonly #compared = new Set<string>();
  #preparing: Promise<void> | null = null;

  constructor(options: SpendingDeskOptions) {
    this.#options = options;
  }

  /** Makes the tables if nobody has. Rejects with a PostgresError. */
  async prepare(): Promise<void> {
    this.#preparing ??= this.#options.ledger.prepare();
    try {
      await this.#preparing;
    } catch (error) {
      this.#preparing = null;
      throw error;
    }
  }

  /** Forgets what was done for caps that are not among these settings any more. */
  keepOnly(settings: ReadonlySet<string>): void {
    for (const setting of this.#compared) if (!settings.has(setting)) this.#compared.delete(setting);
  }

  /** Reserves some dollars more for a request. Null if there is no answer in time; that is said. Never rejects. */
  async reserve(held: HeldRequest, usd: number): Promise<Reserved | null> {
    const { silence, waitMs } = this.#options;
    if (silence.isLasting) return null;
    const patience = losePatience(waitMs);
    const reserving = this.#reserveBegun(held, usd);
    try {
      const reserved = await Promise.race([reserving, patience.lost]);
      silence.noteAnswer();
      return reserved;
    } catch (error) {
      silence.noteMiss(error);
      this.#releaseLate(held, reserving);
      return null;
    } finally {
      patience.end();
    }
  }

  async #reserveBegun(held: HeldRequest, usd: number): Promise<Reserved> {
    await this.prepare();
    const reserved = await this.#ask(held, usd);
    const fresh = held.counters.filter(({ key }) => reserved.counters.get(textOfKey(key))?.hasBegun !== true);
    if (fresh.length === 0) {
      this.#compareLater(held.counters);
      return reserved;
    }
    await Promise.all(fresh.map((counter) => this.#begin(counter)));
    return await this.#ask(held, usd);
  }

  /** What is reserved for a request that has ended meanwhile would stay so for a while. */
  #releaseLate({ requestId }: HeldRequest, reserving: Promise<Reserved>): void {
    const { ledger, held } = this.#options;
    reserving
      .then(async ({ isHeld }) => {
        if (isHeld && held.get(requestId) === undefined) await ledger.release(requestId);
      })
      // Then it is taken back with what is forgotten.
      .catch(() => undefined);
  }

  #ask(held: HeldRequest, usd: number): Promise<Reserved> {
    const { ledger, held: all } = this.#options;
    const wanted = held.counters.map(({ key, local }) => {
      return { ...key, limitUsd: local.cap.limitUsd, isAlone: all.isAlone(held, key) };
    });
    return ledger.reserve(held.requestId, wanted, usd);
  }

  /** Once for all who wait for it. What comes too late for them counts all the same. */
  #begin({ key, local }: SharedCounter): Promise<void> {
    const { ledger, findSpentUsd } = this.#options;
    const text = textOfKey(key);
    this.#compared.add(local.cap.setting);
    const beginning =
      this.#beginnings.get(text) ??
      ledger.begin(key, () => findSpentUsd(local)).finally(() => this.#beginnings.delete(text));
    this.#beginnings.set(text, beginning);
    return beginning;
  }

  /** A cap that was not set for a while has a counter that lacks what was spent then. Nobody waits for that. */
  #compareLater(counters: readonly SharedCounter[]): void {
    const { ledger, findSpentUsd, silence } = this.#options;
    for (const { key, local } of counters) {
      const { period, setting } = local.cap;
      if (period === "session" || this.#compared.has(setting)) continue;
      this.#compared.add(setting);
      findSpentUsd(local)
        .then((usd) => ledger.raise(key, usd))
        .catch((error) => {
          this.#compared.delete(setting);
          silence.noteMiss(error);
        });
    }
  }
}

/**
 * Rejects after so many milliseconds in which this process could have heard an answer: if it had other work for longer,
 * the answer may be there, and nobody has looked.
 */
function losePatience(waitMs: number): { lost: Promise<never>; end: () => void } {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    if (looks === looksBeforeLost) reject(new PostgresError("away", `no answer within ${waitMs} ms`));
  }, waitMs / looksBeforeLost);
  return { lost, end: () => clearInterval(timer) };
}
