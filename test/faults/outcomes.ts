import type { Outcome } from "./answer.ts";

/** An answer that came to its own end. */
export function whole(text: string, end = "end_turn"): Outcome {
  return { status: 200, text, tools: [], end, message: null };
}

/** A stream that ended with an error event behind what it had said. */
export function brokenOff(text: string, type: string, message: string): Outcome {
  return { status: 200, text, tools: [], end: type, message };
}

/** An error with a status of its own: nothing else had been said. */
export function refused(status: number, type: string, message: string): Outcome {
  return { status, text: "", tools: [], end: type, message };
}

/** An answer that ends with calls. */
export function called(...tools: Outcome["tools"]): Outcome {
  return { status: 200, text: "", tools, end: "tool_use", message: null };
}
