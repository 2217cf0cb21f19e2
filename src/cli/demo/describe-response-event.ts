import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { inJson, listMembers, type WireEntry } from "./wire-entry.ts";

/** Describes a response event: its type without `response.`, and only what is new in it. */
export function describeResponseEvent(data: string): WireEntry {
  const event: unknown = JSON.parse(data);
  if (!isJsonObject(event) || typeof event["type"] !== "string")
    return { direction: "answer", title: "data", value: data, fields: [] };
  const title = event["type"].replace(/^response\./, "");
  return { direction: "answer", title, value: describeContent(title, event), fields: [] };
}

function describeContent(title: string, { item, delta, response }: JsonObject): string {
  switch (title) {
    case "created":
      return listMembers(response, ["model", "id"]);
    case "output_item.added":
      return listMembers(item, ["type", "name", "call_id"]);
    case "output_item.done":
      return listMembers(item, ["type", "status", "encrypted_content"]);
    case "completed":
    case "incomplete":
      return isJsonObject(response) ? listMembers(response["usage"], ["input_tokens", "output_tokens"]) : "";
    default:
      // What is done repeats what has grown.
      return delta === undefined ? "" : inJson(delta);
  }
}
