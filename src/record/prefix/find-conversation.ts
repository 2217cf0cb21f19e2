import type { RecordedRequest } from "../recorded-request.ts";

/** Whose cached prompt a request can use. */
export interface Conversation {
  /** Names it among all that are remembered. */
  readonly name: string;
  /** It goes on from this request: the next one is compared with it. */
  readonly isTurn: boolean;
}

/** The turns of a conversation; without a kind it is not known what a request is for. */
const turns: ReadonlySet<string | null> = new Set([null, "main", "subagent"]);
/** They ask at the end of the conversation, whose next turn does not go on from them. */
const besides: ReadonlySet<string | null> = new Set(["aside", "suggestion", "compaction"]);

/**
 * The conversation that a request goes on from, at its own target. Null if there is none: a title, a digest of a page and
 * the like have a prompt of their own each time.
 */
export function findConversation(request: RecordedRequest): Conversation | null {
  const { sessionId, agentId, attempts, kind } = request;
  const isTurn = turns.has(kind);
  if (sessionId === null || !(isTurn || besides.has(kind))) return null;
  const whose = isTurn ? kind : agentId === null ? "main" : "subagent";
  // A failed request tells the failure of the place that explains most, which need not be the one that was sent it last.
  const { upstream, model } = attempts.findLast(({ status, ms }) => status !== null || ms > 0) ?? request;
  return { name: [sessionId, agentId, upstream, model, whose].join("\0"), isTurn };
}
