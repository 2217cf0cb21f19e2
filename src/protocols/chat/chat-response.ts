import { isJsonObject } from "../../json/json-value.ts";

/**
 * A chunk of a streamed answer, or a whole completion: the two differ only in `choices[].delta` against
 * `choices[].message`. Servers leave out, null or mistype any of these. So every member is `unknown`, and the code that
 * reads it checks it; no other member is read.
 */
export interface ChatChunk {
  id?: unknown;
  model?: unknown;
  choices?: unknown;
  usage?: unknown;
  error?: unknown;
  /** MiniMax reports the outcome here. */
  base_resp?: unknown;
  /** Groq puts the usage of a stream here. */
  x_groq?: unknown;
  /** If there is no choice, these give the reason. */
  success?: unknown;
  code?: unknown;
  msg?: unknown;
  message?: unknown;
  detail?: unknown;
}

export interface ChatChoice {
  index?: unknown;
  delta?: unknown;
  message?: unknown;
  finish_reason?: unknown;
  native_finish_reason?: unknown;
  /** vLLM: the stop string that was hit. */
  stop_reason?: unknown;
  /** SGLang: the same. */
  matched_stop?: unknown;
  usage?: unknown;
  error?: unknown;
}

/** `choices[].delta` of a chunk and `choices[].message` of a completion. */
export interface ChatDelta {
  role?: unknown;
  content?: unknown;
  reasoning?: unknown;
  reasoning_content?: unknown;
  /** GitHub Copilot's name for it. */
  reasoning_text?: unknown;
  /** GitHub Copilot: must go back unchanged. */
  reasoning_opaque?: unknown;
  reasoning_details?: unknown;
  refusal?: unknown;
  tool_calls?: unknown;
  function_call?: unknown;
  annotations?: unknown;
  images?: unknown;
  audio?: unknown;
  extra_content?: unknown;
}

export interface ToolCallDelta {
  index?: unknown;
  id?: unknown;
  function?: unknown;
  extra_content?: unknown;
}

/** True for any JSON object: all members of a chunk are optional. */
export function isChatChunk(value: unknown): value is ChatChunk {
  return isJsonObject(value);
}
