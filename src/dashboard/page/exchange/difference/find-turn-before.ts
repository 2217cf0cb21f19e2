import type { RecordedRequest } from "../../../../record/recorded-request.ts";
import type { ExchangeAnswer } from "../../../dashboard-api.ts";
import { askExchange, askRequests } from "../../api/ask.ts";

/** The request before in the same conversation, or in words why there is none. */
export type TurnBefore = { readonly exchange: ExchangeAnswer } | { readonly fault: string };

/** So many requests of the session are looked through: other agents work beside this one. */
const lookedAt = 200;

/** Finds the request that came before this one in the conversation of the same agent. Throws an `AnswerFault`. */
export async function findTurnBefore(request: RecordedRequest, ended: AbortSignal): Promise<TurnBefore> {
  const { sessionId, agentId, kind, path, timeMs } = request;
  if (sessionId === null || !/^[\w.-]+$/.test(sessionId)) {
    return { fault: "The request names no session, so it is not known what came before it." };
  }
  const question = { filter: `session:${sessionId}`, limit: lookedAt, before: { timeMs, seq: 0 } };
  const { requests } = await askRequests(question, ended);
  const before = requests.find(
    (other) => other.agentId === agentId && other.kind === kind && other.path === path,
  );
  if (before === undefined) return { fault: "This is the first recorded request of its conversation." };
  if (!before.hasBodies) return { fault: "The messages of the turn before were not kept." };
  return { exchange: await askExchange(before.requestId, ended) };
}
