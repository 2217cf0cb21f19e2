import { z } from "zod";
import { isJsonObject } from "../../json/json-value.ts";
import {
  type AnswerFormat,
  describeFiles,
  type ReceivedMessage,
  type ReceivedRequest,
  textOfContent,
} from "../received-request.ts";

/**
 * A responses request as it reaches the demonstration upstream. Members that shape the answer are checked as strictly
 * as on a real server, the rest passes. Source: openai 7.57.0 resources/responses.
 */

const part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.string().nullish(),
  file_data: z.string().nullish(),
});

const content = z.union([z.string(), z.array(part)]);

const item = z.preprocess(
  // A message needs no type.
  (value) => (isJsonObject(value) && "role" in value ? { type: "message", ...value } : value),
  z.discriminatedUnion("type", [
    z.looseObject({
      type: z.literal("message"),
      role: z.enum(["user", "assistant", "system", "developer"]),
      content,
    }),
    z.looseObject({ type: z.literal("reasoning"), summary: z.array(part) }),
    z.looseObject({
      type: z.literal("function_call"),
      call_id: z.string().min(1),
      name: z.string().min(1),
      arguments: z.string(),
    }),
    z.looseObject({ type: z.literal("function_call_output"), call_id: z.string().min(1), output: content }),
  ]),
);

const input = z.preprocess(
  (value) => (typeof value === "string" ? [{ role: "user", content: value }] : value),
  z.array(item).min(1),
);

const tool = z.looseObject({
  type: z.literal("function"),
  name: z.string().min(1),
  parameters: z.unknown().optional(),
});

const toolChoice = z.union([
  z.enum(["auto", "none", "required"]),
  z
    .looseObject({ type: z.literal("function"), name: z.string() })
    .transform((choice) => ({ name: choice.name })),
]);

const format = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({ type: z.literal("json_schema"), name: z.string(), schema: z.looseObject({}) }),
]);

const reasoning = z.looseObject({ effort: z.string().nullish(), summary: z.string().nullish() });

const responsesRequest = z.looseObject({
  model: z.string().min(1),
  instructions: z.string().nullish(),
  input,
  stream: z.boolean().default(false),
  max_output_tokens: z.number().int().min(16).nullish(),
  tools: z.array(tool).default([]),
  tool_choice: toolChoice.default("auto"),
  text: z.looseObject({ format: format.default({ type: "text" }) }).default({ format: { type: "text" } }),
  reasoning: reasoning.nullish(),
});

export type ReceivedItem = z.infer<typeof item>;

/** A responses request as the demonstration upstream reads it. */
export interface ReceivedResponsesRequest extends ReceivedRequest {
  items: readonly ReceivedItem[];
  isStreamed: boolean;
  /** Whether reasoning is shown in a summary. */
  isSummarized: boolean;
}

export const receivedResponsesRequestSchema = responsesRequest.transform(
  (request): ReceivedResponsesRequest => {
    const { model, instructions, input: items, tools } = request;
    const system: ReceivedMessage[] = instructions ? [{ role: "system", text: instructions }] : [];
    return {
      model,
      messages: [...system, ...items.map(readItem)],
      messageWord: "input item",
      tools: tools.map(({ name, parameters }) => ({ name, parameters })),
      toolChoice: request.tool_choice,
      format: readFormat(request.text.format),
      // This API knows none.
      stop: [],
      tokenLimit: request.max_output_tokens ?? null,
      prompt: JSON.stringify([instructions ?? "", items, tools]),
      wantsReasoning: (request.reasoning ?? null) !== null && request.reasoning?.effort !== "none",
      items,
      isStreamed: request.stream,
      isSummarized: (request.reasoning?.summary ?? null) !== null,
    };
  },
);

function readItem(item: ReceivedItem): ReceivedMessage {
  switch (item.type) {
    case "message":
      return {
        role: item.role === "developer" ? "system" : item.role,
        text: textOfContent(item.content),
        files: describeFiles(
          typeof item.content === "string"
            ? []
            : item.content.map(({ image_url, file_data }) => image_url ?? file_data),
        ),
      };
    case "function_call_output":
      return { role: "tool", text: textOfContent(item.output) };
    default:
      return { role: "assistant", text: "" };
  }
}

function readFormat(asked: z.infer<typeof format>): AnswerFormat {
  return asked.type === "json_schema" ? { type: "json_schema", schema: asked.schema } : { type: asked.type };
}
