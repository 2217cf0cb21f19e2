import type { JsonObject } from "../../json/json-value.ts";
import { composeAnswer } from "../compose-answer.ts";
import { type NewId, type Reply, refuse } from "../reply.ts";
import { type AnswerHead, buildChunks, buildCompletion } from "./build-completion.ts";
import { receivedChatRequestSchema } from "./received-chat-request.ts";

/** Answers a chat request with a completion or with chunks, or refuses it. */
export function answerChatRequest(body: JsonObject, newId: NewId): Reply {
  const parsed = receivedChatRequestSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join(".") || null;
    return refuse(`Invalid ${param ?? "body"}: ${issue?.message}.`, param);
  }
  const { data: request } = parsed;
  const answer = composeAnswer(request);
  const head: AnswerHead = {
    id: newId("chatcmpl-"),
    toolCallIds: answer.toolCalls.map(() => newId("call_")),
    model: request.model,
    created: Math.floor(Date.now() / 1000),
  };
  if (!request.isStreamed) return { type: "whole", word: "completion", body: buildCompletion(answer, head) };
  const chunks = buildChunks(answer, head, request.includesUsage).map((chunk) => JSON.stringify(chunk));
  const frames = [...chunks, "[DONE]"].map((data) => ({ name: null, data }));
  return { type: "stream", word: "chunk", frames };
}
