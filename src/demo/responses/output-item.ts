import type { DemonstrationAnswer } from "../compose-answer.ts";
import type { NewId } from "../reply.ts";

/** The output items of the demonstration upstream. Source: openai 7.57.0 resources/responses. */
export type OutputItem = ReasoningOutput | MessageOutput | CallOutput;

export interface ReasoningOutput {
  id: string;
  type: "reasoning";
  encrypted_content: string;
  summary: { type: "summary_text"; text: string }[];
}

export interface MessageOutput {
  id: string;
  type: "message";
  status: "completed" | "incomplete";
  content: { type: "output_text"; annotations: []; logprobs: []; text: string }[];
  role: "assistant";
}

export interface CallOutput {
  id: string;
  type: "function_call";
  status: "completed";
  /** JSON. */
  arguments: string;
  call_id: string;
  name: string;
}

/** The items of an answer, in order: reasoning, text, calls. */
export function buildOutputItems(
  { reasoning, text, toolCalls, isCut }: DemonstrationAnswer,
  isSummarized: boolean,
  newId: NewId,
): OutputItem[] {
  const items: OutputItem[] = [];
  if (reasoning !== null) {
    const id = newId("rs_");
    items.push({
      id,
      type: "reasoning",
      // Not encrypted, but opaque, and another one in every answer.
      encrypted_content: btoa(`The reasoning of ${id}, which no model has thought.`),
      summary: isSummarized ? [{ type: "summary_text", text: reasoning }] : [],
    });
  }
  if (text !== "") {
    items.push({
      id: newId("msg_"),
      type: "message",
      status: isCut ? "incomplete" : "completed",
      content: [{ type: "output_text", annotations: [], logprobs: [], text }],
      role: "assistant",
    });
  }
  for (const { name, arguments: json } of toolCalls) {
    const ids = { id: newId("fc_"), call_id: newId("call_") };
    items.push({ ...ids, type: "function_call", status: "completed", arguments: json, name });
  }
  return items;
}
