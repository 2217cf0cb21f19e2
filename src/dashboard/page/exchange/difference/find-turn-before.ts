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
  const target = findSentTarget(request);
  if (sessionId === null || !/^[\w.-]+$/.test(sessionId)) {
    return { fault: "The request names no session, so it is not known what came before it." };
  }
  const question = { filter: `session:${sessionId}`, limit: lookedAt, before: { timeMs, seq: 0 } };
  const { requests } = await askRequests(question, ended);
  const before = requests.find(
    (other) =>
      other.agentId === agentId &&
      other.kind === kind &&
      other.path === path &&
      findSentTarget(other) === target,
  );
  if (before === undefined) {
    return { fault: `No request before this one in its conversation was sent to ${target}.` };
  }
  if (!before.hasBodies) return { fault: "The messages of the turn before were not kept." };
  return { exchange: await askExchange(before.requestId, ended) };
}

/** Where a request was sent last: what its cache is about. A failed one may name another place. */
function findSentTarget(request: Pick<RecordedRequest, "attempts" | "upstream" | "model">): string {
  const { upstream, model } =
    request.attempts.findLast(({ status, ms }) => status !== null || ms > 0) ?? request;
  return `${upstream ?? "an upstream"}/${model ?? "a model"}`;
}
