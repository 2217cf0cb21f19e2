import { keep } from "../../learned/keep.ts";

/** How long a conversation stays: prompt caches and reasoning are worth no more. */
const stayMs = 600_000;

/** Where conversations are that could not stay at their first target. */
export interface MovedConversations {
  /** The target to which the conversation that begins at `home` has moved; null if it has not, or long ago. */
  find(conversationId: string | null, home: string): string | null;
  /** Notes where the conversation is. Its time begins when it comes there, not with every request. */
  note(conversationId: string | null, home: string, target: string): void;
  /** Lets it begin at its home again. */
  forget(conversationId: string | null, home: string): void;
}

/** Creates a memory without a conversation. `nowMs`: from any origin, never decreasing. */
export function createMovedConversations(nowMs: () => number): MovedConversations {
  const placeOf = new Map<string, { target: string; untilMs: number }>();
  // The conversation's titles and sub-agents may have other routes, under the same id.
  const nameOf = (conversationId: string, home: string) => `${home}\n${conversationId}`;
  const find: MovedConversations["find"] = (conversationId, home) => {
    if (conversationId === null) return null;
    const name = nameOf(conversationId, home);
    const place = placeOf.get(name);
    if (place === undefined) return null;
    if (nowMs() < place.untilMs) return place.target;
    placeOf.delete(name);
    return null;
  };
  return {
    find,
    note(conversationId, home, target) {
      if (conversationId === null || find(conversationId, home) === target) return;
      keep(placeOf, nameOf(conversationId, home), { target, untilMs: nowMs() + stayMs });
    },
    forget(conversationId, home) {
      if (conversationId !== null) placeOf.delete(nameOf(conversationId, home));
    },
  };
}
