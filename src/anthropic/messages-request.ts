import { z } from "zod";
import { cacheControlSchema, contentSchema, listOf, untouchedObject } from "./content-block.ts";
import { maxModelLength, maxStopSequenceLength, maxStopSequences } from "./request-caps.ts";

/**
 * `POST /v1/messages`, loose: the members that we use are checked, the rest passes, because future clients send fields
 * that we do not know. Source: Anthropic SDK 1.12.0 resources/{messages,beta/messages}; Claude Code 1.0.56 to 2.1.330.
 */

/** An effort with an unknown name is no reason to refuse a request: it counts as absent. */
const effort = z.enum(["low", "medium", "high", "xhigh", "max"]).nullish().catch(undefined);

const outputConfig = z.looseObject({ effort, format: untouchedObject.nullish() }).nullish();

const message = z.looseObject({
  role: z.enum(["user", "assistant", "system"]),
  /** Only a `system` message may lack content: it then carries `output_config` alone. */
  content: contentSchema.nullish(),
  output_config: outputConfig,
  clear_at: z.string().nullish(),
});

const tool = z.looseObject({
  name: z.string().nullish(),
  type: z.string().nullish(),
  description: z.string().nullish(),
  input_schema: untouchedObject.nullish(),
  strict: z.boolean().nullish(),
  defer_loading: z.boolean().nullish(),
  cache_control: cacheControlSchema,
});

const disable_parallel_tool_use = z.boolean().nullish();

const toolChoice = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("auto"), disable_parallel_tool_use }),
  z.looseObject({ type: z.literal("any"), disable_parallel_tool_use }),
  z.looseObject({ type: z.literal("tool"), name: z.string(), disable_parallel_tool_use }),
  z.looseObject({ type: z.literal("none") }),
]);

const thinkingConfig = z.looseObject({
  type: z.string(),
  budget_tokens: z.number().nullish(),
  display: z.string().nullish(),
});

/** The part that requests for an answer and for a count share: the conversation and everything else in the prompt. */
const conversationRequestSchema = z.looseObject({
  model: z.string().min(1).max(maxModelLength),
  messages: listOf(() => message, { atLeast: 1 }),
  system: contentSchema.nullish(),
  tools: listOf(() => tool).nullish(),
  tool_choice: toolChoice.nullish(),
  thinking: thinkingConfig.nullish(),
  output_config: outputConfig,
  output_format: untouchedObject.nullish(),
  context_management: untouchedObject.nullish(),
  mcp_servers: z.array(z.unknown()).nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
});

/** The request of `count_tokens`: a messages request without the fields that only concern the answer. */
export const countTokensRequestSchema = conversationRequestSchema;

const stopSequence = z.string().max(maxStopSequenceLength);

export const messagesRequestSchema = conversationRequestSchema.extend({
  /** Tokens. 0 warms a cache and asks for no output. */
  max_tokens: z.number().int().min(0),
  stream: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().int().nullish(),
  stop_sequences: listOf(() => stopSequence, { atMost: maxStopSequences }).nullish(),
});

/** What routing needs of any request, whatever else is in it. */
/** The least that routing needs of a request. */
export interface LooseRequest {
  model: string;
  messages: unknown[];
  [member: string]: unknown;
}

export type ConversationRequest = z.infer<typeof conversationRequestSchema>;
export type MessagesRequest = z.infer<typeof messagesRequestSchema>;
export type CountTokensRequest = z.infer<typeof countTokensRequestSchema>;
export type RequestMessage = z.infer<typeof message>;
export type RequestTool = z.infer<typeof tool>;
export type ToolChoice = z.infer<typeof toolChoice>;
