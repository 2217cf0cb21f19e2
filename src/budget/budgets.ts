import type { Config } from "../config/config.ts";
import type { ModelPrice } from "../config/file-config.ts";
import type { Spent, SpentQuery } from "../record/record-reader.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import type { SpendingCounter } from "./spending-counter.ts";

/** Who asks. */
export interface Spender {
  /** The name of the client; null if it has none. */
  readonly client: string | null;
  readonly sessionId: string | null;
}

/** A target that is about to be asked. */
export interface PricedTarget {
  /** As people read it. */
  readonly name: string;
  /** Null if it is not known. */
  readonly price: ModelPrice | null;
  /** Its upstream says with each answer what it cost. */
  readonly tellsCost: boolean;
  /** The most tokens that it is asked for, whatever the client wants; null for no limit but the client's. */
  readonly outputCeiling: number | null;
}

/** A request of which may be asked what it will cost at most. */
export interface AskedRequest {
  readonly requestId: string;
  /** Our estimate of its prompt, and the most that it wants to hear. Takes a moment. */
  measure(): RequestSize;
}

/** Tokens. */
export interface RequestSize {
  readonly input: number;
  readonly output: number;
}

/** A cap, and what was spent against it. */
export interface SpendingState {
  /** `day of everybody`, `day of web-team`, `session ID`. */
  readonly name: string;
  readonly spentUsd: number;
  readonly limitUsd: number;
  /** When the period ends: milliseconds since 1970; null for a session. */
  readonly endsMs: number | null;
}

/** Counts what requests cost, and refuses those that come when a cap is reached. Running answers finish. */
export interface Budgets extends ExchangeObserver {
  /** Brings the caps of a configuration into force. What was counted for those that stay is kept. */
  configure(config: Config): void;
  /**
   * Throws the ApiError for a request of somebody whose cap is reached. Waits for a moment, and only until it is known
   * what was spent before.
   * @returns what has to be asked before the first target is: it throws, or rejects with, the ApiError for a target that
   * may not be used. Null if there is nothing to ask
   */
  admit(
    spender: Spender,
    asked: AskedRequest,
  ): Promise<((target: PricedTarget) => void | Promise<void>) | null>;
  /** Asks the same for a target that comes after the first; null if it need not be asked. */
  admitNext?(requestId: string, target: PricedTarget): Promise<void> | null;
  /**
   * The caps of periods, and the sessions that have spent most.
   * @param client only the caps of this client; null for all
   */
  list(client: string | null): SpendingState[];
}

/** Caps of which nobody else counts anything. */
export interface LocalBudgets extends Budgets {
  admit(spender: Spender): Promise<((target: Omit<PricedTarget, "outputCeiling">) => void) | null>;
  /** The counters that hold for somebody now. */
  countersOf(spender: Spender): SpendingCounter[];
  /** Others have spent as well: at least this was spent, in dollars. */
  raise(counter: SpendingCounter, spentUsd: number): void;
}

export interface BudgetsOptions {
  /** Says what was spent before; null if there is no record. */
  readonly findSpent: ((query: SpentQuery) => Promise<Spent>) | null;
  readonly warn: (event: string, fields: Record<string, unknown>) => void;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** How long requests wait for the record. */
  readonly waitMs?: number;
}
