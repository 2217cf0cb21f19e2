import type { Logger } from "../../logging/logger.ts";
import type { ModelRoute } from "../../routing/route.ts";
import type { SendBudget } from "../../upstream/send-budget.ts";
import type { Exchange } from "../exchange.ts";
import type { RelayedAnswer } from "../relayed-answer.ts";
import type { Candidate } from "./candidate.ts";
import type { FailoverState } from "./failover-state.ts";

/** Opens the answer of one target. Throws ApiError for a request that cannot be written for it. */
export type OpenOn = (route: ModelRoute, key: string | null) => RelayedAnswer | Promise<RelayedAnswer>;

export interface OpenTargetsOptions {
  exchange: Exchange;
  /** In the order of going on; at least one. */
  candidates: readonly Candidate[];
  /** The sends that are left for the client's request, at all targets together. */
  budget: SendBudget;
  state: FailoverState;
  /** The client's session, or null. */
  conversationId: string | null;
  /** Aborted when the client disconnects. */
  clientSignal: AbortSignal;
  /** Holds the request, so it is released as soon as it can be. */
  openOn: OpenOn;
  logger: Pick<Logger, "warn">;
}
