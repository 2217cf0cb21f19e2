import { z } from "zod";
import {
  type AnswerFormat,
  describeFiles,
  type ReceivedMessage,
  type ReceivedRequest,
  textOfContent,
} from "../received-request.ts";

/**
 * A chat request as it reaches the demonstration upstream. Members that shape the answer are checked as strictly as on
 * a real server, the rest passes. Source: openai 7.57.0 resources/chat/completions.
 */

const part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.looseObject({ url: z.string() }).optional(),
  file: z.looseObject({ file_data: z.string().optional() }).optional(),
});

const content = z.union([z.string(), z.array(part).min(1)]);

const toolCall = z.looseObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
});

const message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("system"), content }),
  z.looseObject({ role: z.literal("developer"), content }),
  z.looseObject({ role: z.literal("user"), content }),
  z
    .looseObject({
      role: z.literal("assistant"),
      content: content.nullish(),
      tool_calls: z.array(toolCall).min(1).optional(),
    })
    .refine((assistant) => assistant.tool_calls !== undefined || (assistant.content ?? null) !== null, {
      path: ["content"],
      error: "Required when there are no tool_calls",
    }),
  z.looseObject({ role: z.literal("tool"), tool_call_id: z.string().min(1), content }),
]);

const tool = z.looseObject({
  type: z.literal("function"),
  function: z.looseObject({ name: z.string().min(1), parameters: z.unknown().optional() }),
});

const toolChoice = z.union([
  z.enum(["auto", "none", "required"]),
  z
    .looseObject({ type: z.literal("function"), function: z.looseObject({ name: z.string() }) })
    .transform((choice) => ({ name: choice.function.name })),
]);

const responseFormat = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({ name: z.string(), schema: z.looseObject({}) }),
  }),
]);

const limit = z.number().int().min(1).optional();

const chatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().default(false),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).optional(),
  max_tokens: limit,
  max_completion_tokens: limit,
  stop: z
    .union([z.string(), z.array(z.string()).max(4)])
    .transform((stop) => (typeof stop === "string" ? [stop] : stop))
    .default([]),
  tools: z.array(tool).min(1).default([]),
  tool_choice: toolChoice.default("auto"),
  response_format: responseFormat.default({ type: "text" }),
});

/** A chat request as the demonstration upstream reads it. */
export interface ReceivedChatRequest extends ReceivedRequest {
  isStreamed: boolean;
  /** Whether a chunk with the usage ends the stream. */
  includesUsage: boolean;
}

export const receivedChatRequestSchema = chatRequest.transform((request): ReceivedChatRequest => {
  const { model, messages, tools } = request;
  return {
    model,
    messages: messages.map(readMessage),
    messageWord: "message",
    tools: tools.map(({ function: { name, parameters } }) => ({ name, parameters })),
    toolChoice: request.tool_choice,
    format: readFormat(request.response_format),
    stop: request.stop,
    tokenLimit: request.max_completion_tokens ?? request.max_tokens ?? null,
    prompt: JSON.stringify([messages, tools]),
    // Chat Completions of OpenAI returns none.
    wantsReasoning: false,
    isStreamed: request.stream,
    includesUsage: request.stream_options?.include_usage === true,
  };
});

function readMessage({ role, content }: z.infer<typeof message>): ReceivedMessage {
  const urls = (typeof content === "string" ? [] : (content ?? [])).map(
    ({ image_url, file }) => image_url?.url ?? file?.file_data,
  );
  return {
    role: role === "developer" ? "system" : role,
    text: textOfContent(content),
    files: describeFiles(urls),
  };
}

function readFormat(format: z.infer<typeof responseFormat>): AnswerFormat {
  return format.type === "json_schema"
    ? { type: "json_schema", schema: format.json_schema.schema }
    : { type: format.type };
}
