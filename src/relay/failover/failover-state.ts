import { createHealth, type Health } from "./health.ts";
import { createKeyPools, type KeyPools } from "./key-pools.ts";
import { createMovedConversations, type MovedConversations } from "./moved-conversations.ts";
import { createRunningRequests, type RunningRequests } from "./running-requests.ts";

/** What requests have found out about targets and keys, for those that come after them. */
export interface FailoverState {
  readonly health: Health;
  readonly keyPools: KeyPools;
  readonly moved: MovedConversations;
  readonly running: RunningRequests;
  readonly nowMs: () => number;
}

/**
 * Creates the state that lives as long as the relay, whatever is configured meanwhile: it knows targets and keys by
 * name and digest, and of those that are gone the oldest are dropped when it grows.
 * @param nowMs milliseconds from any origin, never decreasing
 */
export function createFailoverState(nowMs: () => number): FailoverState {
  return {
    health: createHealth(nowMs),
    keyPools: createKeyPools(nowMs),
    moved: createMovedConversations(nowMs),
    running: createRunningRequests(),
    nowMs,
  };
}
