import type { JsonObject } from "../../json/json-value.ts";
import { cutArguments, cutText } from "../cut-in-pieces.ts";
import type { CallOutput, MessageOutput, OutputItem, ReasoningOutput } from "./output-item.ts";

/** A response event without its number. */
export interface NumberlessEvent extends JsonObject {
  type: string;
}

/**
 * The events of one output item, in the order of a real server: it is added without its content, grows, and is done.
 * Source: openai 7.57.0 resources/responses.
 */
export function buildItemEvents(item: OutputItem, index: number): NumberlessEvent[] {
  return [
    { type: "response.output_item.added", output_index: index, item: emptied(item) },
    ...buildContentEvents(item, { item_id: item.id, output_index: index }),
    { type: "response.output_item.done", output_index: index, item },
  ];
}

/** An item as it is before its content comes. */
function emptied(item: OutputItem): JsonObject {
  switch (item.type) {
    case "reasoning":
      // A real server sends a shorter blob here, which is not the one to keep.
      return { ...item, encrypted_content: item.encrypted_content.slice(0, 16), summary: [] };
    case "message":
      return { ...item, status: "in_progress", content: [] };
    case "function_call":
      return { ...item, status: "in_progress", arguments: "" };
  }
}

function buildContentEvents(item: OutputItem, place: JsonObject): NumberlessEvent[] {
  switch (item.type) {
    case "reasoning":
      return buildSummaryEvents(item, place);
    case "message":
      return buildTextEvents(item, place);
    case "function_call":
      return buildArgumentEvents(item, place);
  }
}

function buildSummaryEvents({ summary }: ReasoningOutput, itemPlace: JsonObject): NumberlessEvent[] {
  return summary.flatMap((part, index): NumberlessEvent[] => {
    const place = { ...itemPlace, summary_index: index };
    const name = "response.reasoning_summary";
    return [
      { type: `${name}_part.added`, ...place, part: { ...part, text: "" } },
      ...cutText(part.text).map((delta) => ({ type: `${name}_text.delta`, ...place, delta })),
      { type: `${name}_text.done`, ...place, text: part.text },
      { type: `${name}_part.done`, ...place, part },
    ];
  });
}

function buildTextEvents({ content }: MessageOutput, itemPlace: JsonObject): NumberlessEvent[] {
  return content.flatMap((part, index): NumberlessEvent[] => {
    const place = { ...itemPlace, content_index: index };
    const { text, logprobs } = part;
    return [
      { type: "response.content_part.added", ...place, part: { ...part, text: "" } },
      ...cutText(text).map((delta) => ({ type: "response.output_text.delta", ...place, delta, logprobs })),
      { type: "response.output_text.done", ...place, text, logprobs },
      { type: "response.content_part.done", ...place, part },
    ];
  });
}

function buildArgumentEvents({ arguments: json, name }: CallOutput, place: JsonObject): NumberlessEvent[] {
  const type = "response.function_call_arguments";
  return [
    ...cutArguments(json).map((delta) => ({ type: `${type}.delta`, ...place, delta })),
    { type: `${type}.done`, ...place, name, arguments: json },
  ];
}
