import type { Config } from "../../config/config.ts";
import { listCaps, type SpendingCap } from "../../config/list-caps.ts";
import { nameSharedRecord, type SharedRecordUrl } from "../../config/record-place.ts";
import { describePostgresFault } from "../../postgres/describe-postgres-fault.ts";
import { openPostgres } from "../../postgres/open-postgres.ts";
import type { Postgres } from "../../postgres/postgres.ts";
import type { Spent, SpentQuery } from "../../record/record-reader.ts";
import type { ExchangeObserver } from "../../relay/exchange.ts";
import type {
  AskedRequest,
  Budgets,
  LocalBudgets,
  PricedTarget,
  Spender,
  SpendingState,
} from "../budgets.ts";
import { assumePrice, countCost, countMost, countSpent } from "../count-cost.ts";
import { createBudgets } from "../create-budgets.ts";
import { refuseForRunning, refuseSpending, refuseUnasked } from "../describe-spending.ts";
import { findLastToEnd, type SpendingCounter } from "../spending-counter.ts";
import { keyOfCap, textOfKey, toPicousd } from "./counter-key.ts";
import { type HeldRequest, HeldRequests, type SharedCounter } from "./held-requests.ts";
import { createSilence, type Silence } from "./silence.ts";
import { SpendingDesk } from "./spending-desk.ts";
import { createSpendingLedger, type FoundCounter, type SpendingLedger } from "./spending-ledger.ts";

/** Caps that several instances share. */
export interface SharedBudgets extends Budgets {
  admitNext(requestId: string, target: PricedTarget): Promise<void> | null;
  /** Ends the work beside the requests, and the connections. */
  close(): Promise<void>;
}

export interface SharedBudgetsOptions {
  readonly url: SharedRecordUrl;
  /** The id of this instance among those that live. */
  readonly instance: string;
  /** Says what the shared record knows of the time before a counter. */
  readonly findSpent: (query: SpentQuery) => Promise<Spent>;
  readonly warn: (event: string, fields: Record<string, unknown>) => void;
  /** Shorter ones, for tests. */
  readonly times?: Partial<typeof usualTimes>;
}

/** In milliseconds. */
const usualTimes = {
  /** How long a request waits for the database. */
  waitMs: 250,
  /** How often what is reserved for nobody is taken back, and what others spent is looked up. */
  tidyMs: 20_000,
  forgetMs: 3_600_000,
};

/** Each query takes about a millisecond. */
const connections = 3;
const queryMs = 5_000;

const nothing: Spent = { usd: 0, unknown: { requests: 0, promptTokens: 0, outputTokens: 0 } };

/**
 * Creates the caps of a configuration whose counters are in a shared database. What a running request may still cost is
 * reserved there, so that those of all instances together do not spend more than a cap.
 */
export function createSharedBudgets(config: Config, options: SharedBudgetsOptions): SharedBudgets {
  return new CountersOfAll(config, options);
}

class CountersOfAll implements SharedBudgets {
  readonly #postgres: Postgres;
  readonly #ledger: SpendingLedger;
  readonly #desk: SpendingDesk;
  /** What this instance heard last, and what its own requests cost since. It is never more than was spent. */
  readonly #local: LocalBudgets;
  readonly #held = new HeldRequests(() => performance.now());
  readonly #silence: Silence;
  readonly #timers: readonly Timer[];
  #config: Config;
  #caps: readonly SpendingCap[];
  #isClosed = false;
  #isTidying = false;

  constructor(config: Config, { url, instance, findSpent, warn, times }: SharedBudgetsOptions) {
    const { waitMs, tidyMs, forgetMs } = { ...usualTimes, ...times };
    this.#config = config;
    this.#caps = listCaps(config);
    this.#postgres = openPostgres({ url, name: "claude-proxy caps", connections, timeoutMs: queryMs });
    const place = nameSharedRecord(url);
    const ledger = createSpendingLedger(this.#postgres, instance);
    this.#ledger = ledger;
    this.#local = createBudgets(config, { findSpent: async () => nothing, warn, nowMs: Date.now });
    const silence = createSilence(
      () => performance.now(),
      (cause) => warn(describeSilence(this.#config), { cause: describePostgresFault(cause, place) }),
    );
    this.#silence = silence;
    const findSpentUsd = async (counter: SpendingCounter) =>
      countSpent(await findSpent(counter.spentQuery), assumePrice(this.#config));
    this.#desk = new SpendingDesk({ ledger, held: this.#held, silence, findSpentUsd, waitMs });
    this.#timers = [
      setInterval(() => void this.#tidyAlone(), tidyMs).unref(),
      setInterval(() => void this.#attempt(() => ledger.forget()), forgetMs).unref(),
    ];
    void this.#tidyAlone();
  }

  configure(config: Config): void {
    this.#config = config;
    this.#caps = listCaps(config);
    this.#local.configure(config);
    this.#desk.keepOnly(new Set(this.#caps.map(({ setting }) => setting)));
  }

  async admit(
    spender: Spender,
    asked: AskedRequest,
  ): Promise<((target: PricedTarget) => void | Promise<void>) | null> {
    const refuseUnknown = await this.#local.admit(spender);
    const counters = this.#local.countersOf(spender).map(shareCounter);
    if (counters.length === 0) return refuseUnknown;
    const { requestId } = asked;
    const held = this.#held.add({ requestId, counters, size: asked.measure() });
    return (target) => {
      refuseUnknown?.(target);
      return this.#reserve(held, this.#countMost(held, target));
    };
  }

  admitNext(requestId: string, target: PricedTarget): Promise<void> | null {
    const held = this.#held.get(requestId);
    if (held === undefined) return null;
    const usd = this.#countMost(held, target);
    return usd <= held.usd ? null : this.#reserve(held, usd);
  }

  end(ended: Parameters<ExchangeObserver["end"]>[0]): void {
    const { record, trace } = ended;
    this.#local.end(ended);
    this.#held.end(record.requestId);
    if (!record.path.endsWith("/messages")) return;
    const { usd } = countCost(ended, assumePrice(this.#config));
    if (usd === 0) return;
    const { sessionId } = record;
    const client = record.client ?? null;
    trace.charges = this.#caps
      .filter((cap) => (cap.period === "session" ? sessionId !== null : [null, client].includes(cap.client)))
      // A request belongs to the period in which it came, as it does in the record.
      .map((cap) => ({
        ...keyOfCap(cap, { startMs: record.time.getTime(), sessionId }),
        picousd: toPicousd(usd),
      }));
  }

  list(client: string | null): SpendingState[] {
    return this.#local.list(client);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#postgres.close();
  }

  /** What a request may cost at a target, in dollars. */
  #countMost({ size }: HeldRequest, { price, outputCeiling }: PricedTarget): number {
    const output = Math.min(size.output, outputCeiling ?? Number.POSITIVE_INFINITY);
    return countMost({ input: size.input, output }, price ?? assumePrice(this.#config));
  }

  /** Reserves so many dollars in all. Rejects with the ApiError of a request that may not spend them. */
  async #reserve(held: HeldRequest, usd: number): Promise<void> {
    const more = usd - held.usd;
    const reserved = await this.#desk.reserve(held, more);
    if (reserved === null) {
      const [counter] = held.counters;
      if (this.#config.capsFail === "closed" && counter !== undefined) throw refuseUnasked(counter.local);
      // It may have been reserved all the same.
      held.usd = usd;
      return;
    }
    const found = (counter: SharedCounter) => reserved.counters.get(textOfKey(counter.key));
    for (const counter of held.counters) this.#local.raise(counter.local, found(counter)?.spentUsd ?? 0);
    if (!reserved.isHeld) throw refuse(held.counters, found, more);
    held.usd = usd;
  }

  /** Not twice at the same time: what the second one takes for running the first one may not know. */
  async #tidyAlone(): Promise<void> {
    if (this.#isTidying) return;
    this.#isTidying = true;
    await this.#attempt(() => this.#tidy());
    this.#isTidying = false;
  }

  /** Takes back what is reserved for nobody, and looks up what others spent. */
  async #tidy(): Promise<void> {
    await this.#desk.prepare();
    await this.#ledger.releaseForgotten(this.#held.list());
    const counters = this.#caps
      .filter(({ period }) => period !== "session")
      .flatMap(({ client }) => this.#local.countersOf({ client, sessionId: null }))
      .map(shareCounter);
    const spent = await this.#ledger.read(counters.map(({ key }) => key));
    for (const { local, key } of counters) this.#local.raise(local, spent.get(textOfKey(key)) ?? 0);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#isClosed) this.#silence.noteMiss(error);
    }
  }
}

function shareCounter(local: SpendingCounter): SharedCounter {
  const { cap, period, sessionId } = local;
  return { local, key: keyOfCap(cap, { startMs: period?.startMs ?? 0, sessionId }) };
}

/** @param usd what there was no room for */
function refuse(
  counters: readonly SharedCounter[],
  found: (counter: SharedCounter) => FoundCounter | undefined,
  usd: number,
) {
  const locals = counters.map(({ local }) => local);
  const reached = findLastToEnd(locals.filter(({ cap, spentUsd }) => spentUsd >= cap.limitUsd));
  if (reached !== undefined) return refuseSpending(reached, Date.now());
  const full = counters.find((counter) => {
    const { spentUsd = 0, reservedUsd = 0 } = found(counter) ?? {};
    return spentUsd + reservedUsd + usd > counter.local.cap.limitUsd;
  });
  const [blocking = full] = full === undefined ? counters : [full];
  if (blocking === undefined) throw new Error("a request without a cap was refused");
  return refuseForRunning(blocking.local);
}

function describeSilence({ capsFail }: Config): string {
  const what = capsFail === "open" ? "count what this instance knows" : "refuse whoever has one";
  return `the shared record does not answer: budgets ${what}`;
}
