import type { Config } from "../config/config.ts";
import { listCaps, type SpendingCap } from "../config/list-caps.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import type { BudgetsOptions, LocalBudgets, Spender, SpendingState } from "./budgets.ts";
import { type AssumedPrice, assumePrice, countCost, countSpent } from "./count-cost.ts";
import { describeWarning, refuseSpending, refuseUnknownPrice } from "./describe-spending.ts";
import { findPeriod } from "./find-period.ts";
import { findLastToEnd, SpendingCounter } from "./spending-counter.ts";

/** Part of a cap that brings the warning. */
const warnedPart = 0.8;
const defaultWaitMs = 250;
/** Beyond it those that were idle for longest are forgotten; the record still knows what they spent. */
const mostSessions = 1_000;
const mostListedSessions = 5;
/** Creates the caps of a configuration. */
export function createBudgets(config: Config, options: BudgetsOptions): LocalBudgets {
  return new CountedBudgets(config, options);
}

class CountedBudgets implements LocalBudgets {
  readonly #options: BudgetsOptions;
  #config: Config;
  #caps: readonly SpendingCap[] = [];
  /** By the settings of caps: a client may be called `everybody`. */
  readonly #counters = new Map<string, SpendingCounter>();
  /** By their ids, the one that was idle for longest first. */
  readonly #sessions = new Map<string, SpendingCounter>();
  #hasWarnedOfRecord = false;
  #hasWarnedOfPrice = false;

  constructor(config: Config, options: BudgetsOptions) {
    this.#options = options;
    this.#config = config;
    this.configure(config);
  }

  configure(config: Config): void {
    this.#config = config;
    const before = this.#caps;
    this.#caps = listCaps(config);
    // A new limit is warned of anew, and the same was spent.
    const changed = this.#caps.filter((cap) => !before.some((old) => Bun.deepEquals(old, cap)));
    for (const setting of this.#counters.keys())
      if (!this.#caps.some((cap) => cap.setting === setting)) this.#counters.delete(setting);
    for (const cap of changed) {
      if (cap.period === "session") this.#sessions.forEach((old, id) => void this.#adopt(old, cap, id));
      else this.#adopt(this.#counters.get(cap.setting), cap, null);
    }
    if (!this.#caps.some(({ period }) => period === "session")) this.#sessions.clear();
    for (const cap of this.#caps) if (cap.period !== "session") this.#counterOf(cap);
  }

  async admit(spender: Spender): ReturnType<LocalBudgets["admit"]> {
    const counters = this.countersOf(spender);
    const waiting = counters.flatMap(({ beginning }) => beginning ?? []);
    if (waiting.length > 0) await Promise.all(waiting);
    const longest = findLastToEnd(counters.filter(({ cap, spentUsd }) => spentUsd >= cap.limitUsd));
    if (longest !== undefined) throw refuseSpending(longest, this.#options.nowMs());
    const { budgetUnknownPrice, file } = this.#config;
    if (budgetUnknownPrice !== null || counters.length === 0) return null;
    return ({ name, price, tellsCost }) => {
      if (price === null && !tellsCost) throw refuseUnknownPrice(name, file !== null);
    };
  }

  end(ended: Parameters<ExchangeObserver["end"]>[0]): void {
    const { record, trace } = ended;
    if (!record.path.endsWith("/messages")) return;
    const { usd, isAssumed } = countCost(ended, this.#assumed);
    if (usd === 0) return;
    const { sessionId } = record;
    // One that was forgotten meanwhile begins with what the record says, and that is among it.
    const isForgotten = sessionId === null || !this.#sessions.has(sessionId);
    const counters = this.countersOf({
      client: record.client ?? null,
      sessionId: isForgotten ? null : sessionId,
    });
    for (const counter of counters) {
      // A request belongs to the period in which it came, as it does in the record.
      if (counter.holdsAt(record.time.getTime())) this.#add(counter, usd);
    }
    if (isAssumed && counters.length > 0) {
      this.#warnOfPrice(nameTarget(record.upstream ?? trace.upstream, record.upstreamModel));
    }
  }

  list(client: string | null): SpendingState[] {
    const periods = this.#caps.filter(
      (cap) => cap.period !== "session" && (client === null || cap.client === client),
    );
    const all = client === null ? [...this.#sessions.values()] : [];
    const sessions = all.toSorted((one, other) => other.spentUsd - one.spentUsd);
    return [
      ...periods.map((cap) => describe(cap.name, this.#counterOf(cap))),
      ...sessions
        .slice(0, mostListedSessions)
        .map((counter) => describe(`session ${counter.sessionId}`, counter)),
    ];
  }

  raise(counter: SpendingCounter, spentUsd: number): void {
    if (spentUsd > counter.spentUsd) this.#add(counter, spentUsd - counter.spentUsd);
  }

  get #assumed(): AssumedPrice {
    return assumePrice(this.#config);
  }

  countersOf({ client, sessionId }: Spender): SpendingCounter[] {
    return this.#caps.flatMap((cap) => {
      if (cap.period === "session") return sessionId === null ? [] : [this.#counterOfSession(cap, sessionId)];
      return cap.client === null || cap.client === client ? [this.#counterOf(cap)] : [];
    });
  }

  #counterOf(cap: SpendingCap): SpendingCounter {
    const known = this.#counters.get(cap.setting);
    const nowMs = this.#options.nowMs();
    if (known?.holdsAt(nowMs)) return known;
    const period = cap.period === "session" ? null : findPeriod(cap.period, nowMs);
    const counter = new SpendingCounter(cap, { period, sessionId: null });
    this.#counters.set(cap.setting, counter);
    this.#begin(counter);
    return counter;
  }

  #counterOfSession(cap: SpendingCap, sessionId: string): SpendingCounter {
    const known = this.#sessions.get(sessionId);
    const counter = known ?? new SpendingCounter(cap, { period: null, sessionId });
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, counter);
    if (known !== undefined) return known;
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size > mostSessions) this.#sessions.delete(oldest);
    this.#begin(counter);
    return counter;
  }

  /** Goes on counting under a changed cap. */
  #adopt(old: SpendingCounter | undefined, cap: SpendingCap, sessionId: string | null): void {
    if (old === undefined) return;
    const counter = new SpendingCounter(cap, old);
    if (sessionId === null) this.#counters.set(cap.setting, counter);
    else this.#sessions.set(sessionId, counter);
    // What the old one does not know yet, the new one does not know either.
    if (old.beginning !== null) this.#begin(counter);
    else this.#add(counter, old.spentUsd);
  }

  /** Asks the record what was spent before. */
  #begin(counter: SpendingCounter): void {
    const { findSpent, waitMs = defaultWaitMs } = this.#options;
    if (findSpent === null) {
      this.#warnOfRecord("there is no record");
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    counter.beginning = promise.then(() => {
      clearTimeout(timer);
      counter.beginning = null;
    });
    // What comes late counts all the same.
    findSpent(counter.spentQuery)
      .then(
        (spent) => this.#add(counter, countSpent(spent, this.#assumed)),
        (cause) => this.#warnOfRecord(cause),
      )
      .finally(resolve);
  }

  #add(counter: SpendingCounter, usd: number): void {
    counter.spentUsd += usd;
    if (counter.hasWarned || counter.spentUsd < counter.cap.limitUsd * warnedPart) return;
    counter.hasWarned = true;
    const { event, fields } = describeWarning(counter);
    this.#options.warn(event, fields);
  }

  #warnOfRecord(cause: unknown): void {
    if (this.#hasWarnedOfRecord) return;
    this.#hasWarnedOfRecord = true;
    this.#options.warn("budgets begin with nothing spent, as the record cannot be read", {
      cause: String(cause),
    });
  }

  #warnOfPrice(target: string): void {
    if (this.#hasWarnedOfPrice) return;
    this.#hasWarnedOfPrice = true;
    const { input, output } = this.#assumed;
    const how =
      this.#config.file === null ? "set BUDGET_UNKNOWN_PRICE" : `set models."${target}".price in the file`;
    this.#options.warn(
      `the price of ${target} is not known: budgets count $${input}/$${output} for a million tokens; ${how}`,
      {},
    );
  }
}

function describe(name: string, { cap, spentUsd, period }: SpendingCounter): SpendingState {
  return { name, spentUsd, limitUsd: cap.limitUsd, endsMs: period?.endMs ?? null };
}

/** A target as the configuration file names it; without one the model alone. */
function nameTarget(upstream: string | null, model: string | null): string {
  return upstream === null ? (model ?? "a model") : `${upstream}/${model ?? "?"}`;
}
