import type { JsonObject } from "../../json/json-value.ts";
import type { DemonstrationAnswer } from "../compose-answer.ts";
import type { OutputItem } from "./output-item.ts";

/** The members that every response object of one answer repeats. */
export interface ResponseHead {
  id: string;
  /** Unix seconds. */
  createdAt: number;
  /** The body of the request. */
  asked: JsonObject;
}

/** What the request asked for, as a response repeats it, and what stands there if it did not ask. */
const repeated: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  model: null,
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: true,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
};

/** The response of the first events of a stream: nothing has been answered yet. */
export function buildStartedResponse(head: ResponseHead): JsonObject {
  return buildObject(head, { status: "in_progress", incomplete_details: null, output: [], usage: null });
}

/**
 * The answer as a whole `response`, which is also that of the last event of a stream. Source: openai 7.57.0
 * resources/responses.
 */
export function buildResponse(
  { isCut, usage }: DemonstrationAnswer,
  output: readonly OutputItem[],
  head: ResponseHead,
): JsonObject {
  return buildObject(head, {
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    output,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.input + usage.output,
    },
  });
}

function buildObject({ id, createdAt, asked }: ResponseHead, state: JsonObject): JsonObject {
  const members = Object.entries(repeated).map(([name, usual]) => [name, asked[name] ?? usual]);
  return {
    id,
    object: "response",
    created_at: createdAt,
    error: null,
    ...state,
    ...Object.fromEntries(members),
  };
}
