import type { StreamEvent } from "../../src/anthropic/stream-event.ts";
import { decodeEnvelope } from "../../src/translate/reasoning/decode-envelope.ts";

/** The events, each as a line; of an envelope what it carries. */
export function describeEvents(events: readonly StreamEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case "content_block_start": {
        const { content_block: block } = event;
        if (block.type === "redacted_thinking") return `redacted ${carried(block.data)}`;
        return block.type === "tool_use" ? `tool ${block.id} ${block.name}` : block.type;
      }
      case "content_block_delta": {
        const { delta } = event;
        if (delta.type === "signature_delta") return `signed ${carried(delta.signature)}`;
        if (delta.type === "text_delta") return delta.text;
        return delta.type === "thinking_delta"
          ? delta.thinking
          : delta.type === "input_json_delta"
            ? delta.partial_json
            : "";
      }
      case "message_delta":
        return `end ${event.delta.stop_reason}`;
      default:
        return event.type;
    }
  });
}

function carried(envelope: string): string {
  return JSON.stringify(decodeEnvelope(envelope)?.details);
}
