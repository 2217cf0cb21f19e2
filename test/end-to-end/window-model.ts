import type { Answer } from "../support/chunks.ts";
import { type Reply, status } from "../support/reply.ts";
import { type Json, objectsOf } from "../support/strict/json.ts";
import type { Model } from "../support/strict-upstream.ts";

/** What was asked of a server with a window: `answered`, `refused` for its length, or `compacted`. */
type WindowEvent = "answered" | "refused" | "compacted";

export interface WindowModel {
  model: Model;
  events: WindowEvent[];
}

/** What the client is told at the end of the printing. */
export const allPrinted = "All is printed.";

/** How often a client has to print so much that three prints and its own prompt fill a window of 32k. */
const prints = 6;

/**
 * Creates models that have the client print six long outputs, one after the other, whichever of them is asked. Each
 * refuses what is longer than its window, together with the output that is asked for.
 */
export function createWindowModels(windows: readonly number[]): WindowModel[] {
  let printed = 0;
  const printOrEnd = (usage: object): Answer => {
    if (printed === prints) return { text: allPrinted, usage };
    printed += 1;
    const command = `seq ${printed * 10_000} ${printed * 10_000 + 2600}`;
    const id = `call_${printed}`;
    return { toolCalls: [{ id, name: "Bash", arguments: { command, description: "Print" } }], usage };
  };
  return windows.map((window) => {
    const events: WindowEvent[] = [];
    const model: Model = (request) => {
      const promptTokens = countRoughly(request);
      if (promptTokens + Number(request["max_tokens"]) > window) {
        events.push("refused");
        return refuse();
      }
      const usage = { prompt_tokens: promptTokens, completion_tokens: 50, total_tokens: promptTokens + 50 };
      if (isCompaction(request)) {
        events.push("compacted");
        return { text: "<summary>Some lines were printed, more have to be.</summary>", usage };
      }
      events.push("answered");
      return printOrEnd(usage);
    };
    return { model, events };
  });
}

function countRoughly({ messages, tools }: Json): number {
  return Math.ceil(JSON.stringify([messages, tools]).length / 4);
}

/** It names no numbers: what the file knows of the windows has to do. */
function refuse(): Reply {
  const message =
    "Your input exceeds the context window of this model. Please adjust your input and try again.";
  return status(400, {
    error: { message, type: "invalid_request_error", param: null, code: "context_length_exceeded" },
  });
}

function isCompaction(request: Json): boolean {
  const last = objectsOf(request["messages"]).at(-1)?.["content"];
  return JSON.stringify(last ?? "").includes("detailed summary");
}
