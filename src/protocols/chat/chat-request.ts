import type { JsonObject } from "../../json/json-value.ts";

/**
 * The body of `POST <base URL>/chat/completions`. Fields that only some upstreams know are optional and are written
 * only if the profile requires them. Source: openai 7.57.0 resources/chat/completions, @openrouter/sdk 1.3.19 models.
 */
export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  max_tokens?: number;
  max_completion_tokens?: number;
  stream?: boolean;
  stream_options?: { include_usage: true };
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop?: string[];
  tools?: (ChatTool | ServerTool)[];
  tool_choice?: ChatToolChoice;
  parallel_tool_calls?: boolean;
  response_format?: JsonObject;
  reasoning_effort?: string;
  reasoning?: JsonObject;
  /** Other fields from a profile (`thinking`, `enable_thinking`, `session_id`, `provider` …). */
  [extra: string]: unknown;
}

export type ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

export interface SystemMessage {
  role: "system" | "developer";
  content: string | TextPart[];
}

export interface UserMessage {
  role: "user";
  content: string | ContentPart[];
}

export interface AssistantMessage {
  role: "assistant";
  content: string | ContentPart[] | null;
  tool_calls?: ToolCall[];
  reasoning?: string;
  reasoning_content?: string;
  reasoning_details?: unknown[];
  reasoning_text?: string;
  reasoning_opaque?: string;
  extra_content?: JsonObject;
  prefix?: boolean;
}

export interface ToolMessage {
  role: "tool";
  tool_call_id: string;
  content: string | ContentPart[];
}

export interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
  extra_content?: JsonObject;
}

export interface CacheControl {
  type: "ephemeral";
  ttl?: string;
}

export interface TextPart {
  type: "text";
  text: string;
  cache_control?: CacheControl;
}

export interface ImagePart {
  type: "image_url";
  image_url: { url: string };
  cache_control?: CacheControl;
}

export interface FilePart {
  type: "file";
  file: { filename: string; file_data: string };
  cache_control?: CacheControl;
}

/** Mistral's form of a PDF. */
export interface DocumentUrlPart {
  type: "document_url";
  document_url: string;
  document_name?: string;
}

export type ContentPart = TextPart | ImagePart | FilePart | DocumentUrlPart;

export interface ChatTool {
  type: "function";
  function: { name: string; description?: string; parameters?: JsonObject; strict?: boolean };
  cache_control?: CacheControl;
}

/** A tool that the upstream itself runs, e.g. `openrouter:web_search`. */
export interface ServerTool {
  type: `openrouter:${string}`;
  parameters?: JsonObject;
}

export type ChatToolChoice =
  | "auto"
  | "none"
  | "required"
  | "any"
  | { type: "function"; function: { name: string } };
