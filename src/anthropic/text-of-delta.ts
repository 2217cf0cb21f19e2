import type { BlockDelta } from "./stream-event.ts";

/** The text that a delta adds to its block; null for a signature, which comes whole. */
export function textOfDelta(delta: BlockDelta): string | null {
  switch (delta.type) {
    case "text_delta":
      return delta.text;
    case "thinking_delta":
      return delta.thinking;
    case "input_json_delta":
      return delta.partial_json;
    case "signature_delta":
      return null;
  }
}
