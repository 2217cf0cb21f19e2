import type { JsonObject } from "../../json/json-value.ts";

/**
 * The body of `POST <base URL>/responses`. Fields that only some upstreams know are optional and are written only if
 * the profile requires them. Source: openai 7.57.0 resources/responses.
 */
export interface ResponsesRequest {
  model: string;
  /** The system prompt; absent when there is none. */
  instructions?: string;
  input: InputItem[];
  tools?: (FunctionTool | WebSearchTool)[];
  tool_choice?: ResponsesToolChoice;
  parallel_tool_calls?: boolean;
  /** Of tools that the upstream runs. */
  max_tool_calls?: number;
  max_output_tokens?: number;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  reasoning?: { effort?: string; summary?: "auto" };
  text?: { format: JsonObject };
  /** Values: `reasoning.encrypted_content`, `web_search_call.action.sources`. */
  include?: string[];
  prompt_cache_key?: string;
  /** The upstream's default is true. */
  store: false;
  stream?: true;
  stream_options?: { include_obfuscation: false };
  /** Other fields from a profile (`session_id`, `provider` …). */
  [extra: string]: unknown;
}

export type InputItem = MessageItem | ReasoningItem | FunctionCallItem | FunctionCallOutputItem;

export type MessageItem = UserMessageItem | AssistantMessageItem | DeveloperMessageItem;

export interface UserMessageItem {
  type: "message";
  role: "user";
  content: string | InputPart[];
}

export interface AssistantMessageItem {
  type: "message";
  role: "assistant";
  content: string | OutputTextPart[];
  phase?: "commentary" | "final_answer";
}

export interface DeveloperMessageItem {
  type: "message";
  role: "developer" | "system";
  content: string;
}

export interface ReasoningItem {
  type: "reasoning";
  id?: string;
  summary: [];
  encrypted_content?: string;
  content?: { type: "reasoning_text"; text: string }[];
  /** OpenRouter's own members, as they came. */
  format?: unknown;
  signature?: unknown;
}

export interface FunctionCallItem {
  type: "function_call";
  call_id: string;
  name: string;
  /** JSON text of an object. */
  arguments: string;
}

export interface FunctionCallOutputItem {
  type: "function_call_output";
  call_id: string;
  output: string | InputPart[];
}

export interface InputTextPart {
  type: "input_text";
  text: string;
}

export interface InputImagePart {
  type: "input_image";
  /** An address, or `data:…;base64,…`. */
  image_url: string;
  detail: "auto";
}

export interface InputFilePart {
  type: "input_file";
  filename?: string;
  /** `data:application/pdf;base64,…` */
  file_data?: string;
  file_url?: string;
}

export type InputPart = InputTextPart | InputImagePart | InputFilePart;

export interface OutputTextPart {
  type: "output_text";
  text: string;
  annotations: [];
}

export interface FunctionTool {
  type: "function";
  name: string;
  description?: string;
  parameters: JsonObject;
  /** Always sent: the upstream's default is true. */
  strict: boolean;
}

/** The search that the upstream runs itself. */
export interface WebSearchTool {
  type: "web_search";
  filters?: JsonObject;
  user_location?: JsonObject;
}

export type ResponsesToolChoice =
  | "auto"
  | "none"
  | "required"
  | { type: "function"; name: string }
  | { type: "web_search" };
