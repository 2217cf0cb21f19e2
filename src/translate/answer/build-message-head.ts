import type { StreamEvent } from "../../anthropic/stream-event.ts";
import { buildUsage, type UpstreamUsage } from "./usage.ts";

/** The usage of an upstream that reports none. */
export const noUsage: UpstreamUsage = {
  promptTokens: 0,
  completionTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  thinkingTokens: null,
  webSearchRequests: null,
  costUsd: null,
};

/**
 * `message_start` and the ping after it (rule 4.1). `inputTokens` is an estimate, and `output_tokens` is 0: old clients
 * add these numbers to the final ones.
 */
export function buildMessageHead(head: { id: string; model: string; inputTokens: number }): StreamEvent[] {
  return [
    {
      type: "message_start",
      message: {
        id: head.id,
        type: "message",
        role: "assistant",
        model: head.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        container: null,
        usage: buildUsage({ ...noUsage, promptTokens: head.inputTokens }),
      },
    },
    { type: "ping" },
  ];
}
