import type { UpstreamTraffic } from "../../demo/demonstration-upstream.ts";
import { isJsonObject, type JsonObject, textOfScalar } from "../../json/json-value.ts";
import { describeRequest } from "./describe-request.ts";
import { describeResponseEvent } from "./describe-response-event.ts";
import { inJson, listMembers, type WireEntry } from "./wire-entry.ts";

/** Describes a stream event of the client's wire: its type and its content. */
export function describeStreamEvent(event: JsonObject): WireEntry {
  return answer(textOfScalar(event["type"]) ?? "event", describeEventContent(event));
}

function describeEventContent({
  type,
  index,
  message,
  content_block,
  delta,
  usage,
  error,
}: JsonObject): string {
  switch (type) {
    case "message_start":
      return listMembers(message, ["model", "id"]);
    case "content_block_start":
      return `${textOfScalar(index)}  ${listMembers(content_block, ["type", "name", "id"])}`;
    case "content_block_delta":
      return `${textOfScalar(index)}  ${isJsonObject(delta) ? inJson(delta["text"] ?? delta["partial_json"]) : ""}`;
    case "content_block_stop":
      return `${textOfScalar(index)}`;
    case "message_delta":
      return `${listMembers(delta, ["stop_reason"])}  ${listMembers(usage, ["input_tokens", "output_tokens"])}`;
    case "error":
      return listMembers(error, ["type", "message"]);
    default:
      return "";
  }
}

/** Describes traffic on the upstream's wire; of a piece of a stream only what is new in it. */
export function describeUpstreamTraffic(traffic: UpstreamTraffic): WireEntry {
  switch (traffic.type) {
    case "request":
      return describeRequest(traffic.path, traffic.body);
    case "completion":
      return answer("completion", inJson(traffic.body["choices"]));
    case "response":
      return answer("response", inJson(traffic.body["output"]));
    case "chunk":
      return describeChunk(traffic.data);
    case "response event":
      return describeResponseEvent(traffic.data);
  }
}

function describeChunk(data: string): WireEntry {
  if (data === "[DONE]") return answer(data, "");
  const chunk: unknown = JSON.parse(data);
  if (!isJsonObject(chunk) || !Array.isArray(chunk["choices"])) return answer("data", data);
  const choice: unknown = chunk["choices"][0];
  if (!isJsonObject(choice))
    return answer("usage", listMembers(chunk["usage"], ["prompt_tokens", "completion_tokens"]));
  if (choice["finish_reason"] !== null) return answer("finish_reason", inJson(choice["finish_reason"]));
  const { delta } = choice;
  if (!isJsonObject(delta)) return answer("data", data);
  if (Array.isArray(delta["tool_calls"])) return describeToolCall(delta["tool_calls"][0]);
  const name = "role" in delta ? "role" : "content";
  return answer(`delta.${name}`, inJson(delta[name]));
}

function describeToolCall(call: unknown): WireEntry {
  if (!isJsonObject(call)) return answer("delta.tool_calls", inJson(call));
  const { index, id, function: called } = call;
  // The name and the id come once, with the first piece of a call.
  const value =
    id === undefined && isJsonObject(called)
      ? inJson(called["arguments"])
      : `${listMembers(called, ["name"])}  id=${inJson(id)}`;
  return answer(`delta.tool_calls[${textOfScalar(index)}]`, value);
}

function answer(title: string, value: string): WireEntry {
  return { direction: "answer", title, value, fields: [] };
}
