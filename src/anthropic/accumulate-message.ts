import { parseJson } from "../json/parse-json.ts";
import type { Message, MessageBlock } from "./message.ts";
import type { BlockDelta, StreamEvent } from "./stream-event.ts";

/** A message that grows with the events of its stream. */
export interface MessageAccumulator {
  /** Takes the events in the order in which the client gets them. */
  add(events: readonly StreamEvent[]): void;
  /** The message so far; null before `message_start`. Tool input is parsed when its block stops. */
  readonly message: Message | null;
}

/**
 * Folds stream events into the message they tell, as a client does: the whole answer of a request that was not
 * streamed, and the record of one that was.
 */
export function createMessageAccumulator(): MessageAccumulator {
  let message: Message | null = null;
  let toolInput = "";

  function apply(event: StreamEvent): void {
    if (event.type === "message_start") {
      message = { ...event.message, content: [] };
      return;
    }
    if (message === null) return;
    switch (event.type) {
      case "content_block_start":
        message.content.push({ ...event.content_block });
        toolInput = "";
        return;
      case "content_block_delta":
        toolInput += applyDelta(message.content.at(event.index), event.delta);
        return;
      case "content_block_stop": {
        const block = message.content.at(event.index);
        if (block?.type === "tool_use" || block?.type === "server_tool_use")
          block.input = parseToolInput(toolInput);
        return;
      }
      case "message_delta":
        message.stop_reason = event.delta.stop_reason;
        message.stop_sequence = event.delta.stop_sequence;
        message.stop_details = event.delta.stop_details;
        message.usage = event.usage;
        if (event.context_management !== undefined) message.context_management = event.context_management;
        return;
    }
  }

  return {
    add(events) {
      for (const event of events) apply(event);
    },
    get message() {
      return message;
    },
  };
}

/** Applies a delta to its block and returns the tool input it brings. */
function applyDelta(block: MessageBlock | undefined, delta: BlockDelta): string {
  if (delta.type === "input_json_delta") return delta.partial_json;
  if (block?.type === "text" && delta.type === "text_delta") block.text += delta.text;
  if (block?.type === "thinking" && delta.type === "thinking_delta") block.thinking += delta.thinking;
  if (block?.type === "thinking" && delta.type === "signature_delta") block.signature = delta.signature;
  return "";
}

/** The input a client would read; a cut or broken text stays visible as such. */
function parseToolInput(text: string): unknown {
  if (text === "") return {};
  // Undefined for a stream that was cut short; the whole answer repairs its arguments before.
  return parseJson(text) ?? { __unparsed_arguments: text };
}
