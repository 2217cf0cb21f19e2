import { ApiError } from "../../anthropic/api-error.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";
import type { Exchange } from "../exchange.ts";
import { type Candidate, nameOf } from "./candidate.ts";
import type { FailoverState } from "./failover-state.ts";
import { findMove } from "./moves-on.ts";
import { TriedPlaces } from "./tried-places.ts";

export interface CountTargetsOptions {
  exchange: Exchange;
  /** In the order of going on; at least one. */
  candidates: readonly Candidate[];
  state: FailoverState;
  /** The client's session, or null. */
  conversationId: string | null;
  /** Counts at one target, in tokens. Throws ApiError. */
  countAt: (candidate: Candidate, key: string | null) => Promise<number>;
}

/**
 * Counts the tokens of a request at the first of its targets that can. Where requests would go now is asked first, and
 * those that are passed over are not. A count says nothing about its target. Throws the ApiError of the last one.
 */
export async function countAtTargets(options: CountTargetsOptions): Promise<number> {
  const { exchange, countAt, state, conversationId } = options;
  const [first, ...others] = listAsked(options);
  if (first === undefined) throw new Error("a request was counted at no target");
  const tried = new TriedPlaces(exchange);
  const waiting = [...others];
  for (let candidate = first; ; ) {
    tried.clear();
    tried.follow(candidate);
    try {
      return await countAt(candidate, keyFor(candidate, state, conversationId));
    } catch (thrown) {
      const next = waiting.shift();
      if (next === undefined || !mayGoOn(thrown, candidate)) throw thrown;
      candidate = next;
    }
  }
}

function listAsked({ candidates, state, conversationId }: CountTargetsOptions): Candidate[] {
  const [home] = candidates;
  const isWell = (candidate: Candidate) => state.health.pausedUntilMs(nameOf(candidate)) === null;
  const well = candidates.filter(isWell);
  const asked = well.length === 0 ? candidates : well;
  const movedTo = home === undefined ? null : state.moved.find(conversationId, nameOf(home));
  const isFirst = (candidate: Candidate) => nameOf(candidate) === movedTo;
  return [...asked.filter(isFirst), ...asked.filter((candidate) => !isFirst(candidate))];
}

/** Of several keys one that may be used; the first if none may. */
function keyFor(
  { route, keys }: Candidate,
  { keyPools }: FailoverState,
  conversationId: string | null,
): string | null {
  const [first = null] = keys;
  if (keys.length < 2) return first;
  return keyPools.listFree(route.upstream, keys, conversationId)[0]?.key ?? first;
}

function mayGoOn(thrown: unknown, { usesClientAccount, window }: Candidate): boolean {
  if (!(thrown instanceof ApiError && thrown.cause instanceof UpstreamError)) return false;
  const facts = { hasOtherKey: false, usesClientAccount, window, nextWindow: null };
  return findMove(thrown.cause, facts) === "next-target";
}
