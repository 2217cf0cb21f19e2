import { isJsonObject } from "../../json/json-value.ts";

/**
 * An event of a streamed response, or a whole response as its one terminal event. Servers leave out, null or mistype
 * any of these. So every member is `unknown`, and the code that reads it checks it; no other member is read. Source:
 * openai 7.57.0 resources/responses.
 */
export interface ResponseEvent {
  /** `response.output_text.delta` … */
  type?: unknown;
  /** The response so far: of the first events and of the terminal one. */
  response?: unknown;
  /** Position of the output item; llama.cpp sends none. */
  output_index?: unknown;
  item_id?: unknown;
  item?: unknown;
  /** Positions of a part within its item. */
  content_index?: unknown;
  summary_index?: unknown;
  part?: unknown;
  delta?: unknown;
  text?: unknown;
  refusal?: unknown;
  /** Of a `function_call_arguments.done`. */
  arguments?: unknown;
  name?: unknown;
  annotation?: unknown;
  /** Of an `error` event, in either form. */
  error?: unknown;
  code?: unknown;
  message?: unknown;
}

/** `response` of an event, and the body of a whole answer. */
export interface ResponseObject {
  id?: unknown;
  status?: unknown;
  output?: unknown;
  usage?: unknown;
  error?: unknown;
  incomplete_details?: unknown;
  tool_usage?: unknown;
}

/** True for any JSON object: all members of an event are optional. */
export function isResponseEvent(value: unknown): value is ResponseEvent {
  return isJsonObject(value);
}
