import { parseExactJson } from "../json/long-numbers.ts";
import type { Message, MessageBlock } from "./message.ts";
import type { BlockDelta, MessageDeltaEvent, StreamEvent } from "./stream-event.ts";

/** A message that grows with the events of its stream. */
export interface MessageAccumulator {
  /** Adds events in the order in which the client gets them. */
  add(events: readonly StreamEvent[]): void;
  /** The message so far; null before `message_start`. Tool input is parsed when its block stops. */
  readonly message: Message | null;
}

/**
 * Folds stream events into a message, as a client does: for the answer of a request that was not streamed, and for the
 * record of a streamed one.
 */
export function createMessageAccumulator(): MessageAccumulator {
  let message: Message | null = null;
  let open: MessageBlock | undefined;
  let toolInput = "";
  /**
   * The text of the open block that is not joined yet: adding as many small texts one by one would take ten times as
   * much memory.
   */
  let pieces: string[] = [];

  function joinPieces(): void {
    const text = pieces.join("");
    pieces = [];
    if (open?.type === "text") open.text += text;
    else if (open?.type === "thinking") open.thinking += text;
    else toolInput += text;
  }

  function apply(event: StreamEvent): void {
    if (event.type === "message_start") {
      message = { ...event.message, content: [] };
      return;
    }
    if (message === null) return;
    switch (event.type) {
      case "content_block_start":
        joinPieces();
        open = { ...event.content_block };
        message.content.push(open);
        toolInput = "";
        return;
      case "content_block_delta":
        if (event.delta.type !== "signature_delta") {
          if (pieces.push(textOf(event.delta)) === mostPieces) joinPieces();
        } else if (open?.type === "thinking") open.signature = event.delta.signature;
        return;
      case "content_block_stop":
        joinPieces();
        if (open?.type === "tool_use" || open?.type === "server_tool_use")
          open.input = parseToolInput(toolInput);
        return;
      case "message_delta":
        applyMessageDelta(message, event);
        return;
    }
  }

  return {
    add(events) {
      for (const event of events) apply(event);
    },
    get message() {
      joinPieces();
      return message;
    },
  };
}

/** Most pieces that are kept before they are joined. */
const mostPieces = 1024;

function applyMessageDelta(message: Message, { delta, usage, context_management }: MessageDeltaEvent): void {
  message.stop_reason = delta.stop_reason;
  message.stop_sequence = delta.stop_sequence;
  message.stop_details = delta.stop_details;
  message.usage = usage;
  if (context_management !== undefined) message.context_management = context_management;
}

function textOf(delta: Exclude<BlockDelta, { type: "signature_delta" }>): string {
  if (delta.type === "input_json_delta") return delta.partial_json;
  return delta.type === "text_delta" ? delta.text : delta.thinking;
}

/**
 * The input as a client would read it, with long numbers as they were written; a cut or broken text stays visible as
 * such.
 */
function parseToolInput(text: string): unknown {
  if (text === "") return {};
  // Undefined for a stream that was cut short; in a whole answer the arguments were already repaired.
  return parseExactJson(text) ?? { __unparsed_arguments: text };
}
