import type { JsonObject } from "../../json/json-value.ts";
import { composeAnswer } from "../compose-answer.ts";
import type { NewId, Reply } from "../reply.ts";
import { buildResponse, buildStartedResponse, type ResponseHead } from "./build-response.ts";
import { buildItemEvents, type NumberlessEvent } from "./build-response-events.ts";
import { findItemRefusal, refuseIssue } from "./find-refusal.ts";
import { buildOutputItems } from "./output-item.ts";
import { receivedResponsesRequestSchema } from "./received-responses-request.ts";

/** Answers a responses request with a response or with response events, or refuses it. */
export function answerResponsesRequest(body: JsonObject, newId: NewId): Reply {
  const parsed = receivedResponsesRequestSchema.safeParse(body, { reportInput: true });
  if (!parsed.success) return refuseIssue(parsed.error.issues[0] ?? { path: [], message: "unknown" });
  const { data: request } = parsed;
  const refusal = findItemRefusal(request.items);
  if (refusal !== null) return refusal;

  const head: ResponseHead = {
    id: newId("resp_"),
    createdAt: Math.floor(Date.now() / 1000),
    asked: body,
  };
  const answer = composeAnswer(request);
  const items = buildOutputItems(answer, request.isSummarized, newId);
  const whole = buildResponse(answer, items, head);
  if (!request.isStreamed) return { type: "whole", word: "response", body: whole };
  const started = buildStartedResponse(head);
  const events: NumberlessEvent[] = [
    { type: "response.created", response: started },
    { type: "response.in_progress", response: started },
    ...items.flatMap(buildItemEvents),
    { type: answer.isCut ? "response.incomplete" : "response.completed", response: whole },
  ];
  const frames = events.map(({ type, ...members }, index) => ({
    name: type,
    data: JSON.stringify({ type, sequence_number: index, ...members }),
  }));
  return { type: "stream", word: "response event", frames };
}
