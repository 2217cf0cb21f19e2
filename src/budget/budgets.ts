import type { Config } from "../config/config.ts";
import type { ModelPrice } from "../config/file-config.ts";
import type { Spent, SpentQuery } from "../record/record-reader.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";

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
   * @returns what refuses a target without a known price; null if none is refused
   */
  admit(spender: Spender): Promise<((target: PricedTarget) => void) | null>;
  /**
   * The caps of periods, and the sessions that have spent most.
   * @param client only the caps of this client; null for all
   */
  list(client: string | null): SpendingState[];
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
