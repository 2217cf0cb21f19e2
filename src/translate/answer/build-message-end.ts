import type { Usage } from "../../anthropic/message.ts";
import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import { noUsage } from "./build-message-head.ts";
import type { MappedStop } from "./map-stop.ts";
import { buildUsage, type UpstreamUsage } from "./usage.ts";

/** `message_delta` with everything that is known only at the end, and `message_stop` (rule 4.1). */
export function buildMessageEnd(
  { stopReason, stopSequence, stopDetails }: MappedStop,
  usage: Usage,
  { wantsContextManagement }: Pick<AnswerPlan, "wantsContextManagement">,
): StreamEvent[] {
  return [
    {
      type: "message_delta",
      delta: {
        stop_reason: stopReason,
        stop_sequence: stopSequence,
        stop_details: stopDetails,
        container: null,
      },
      usage,
      ...(wantsContextManagement ? { context_management: { applied_edits: [] } } : {}),
    },
    { type: "message_stop" },
  ];
}

/** The usage for the client: our own count if the upstream reports none, and the searches that it made. */
export function completeUsage(
  usage: UpstreamUsage | null,
  estimate: { inputTokens: number; outputTokens: number },
  searches: number,
): Usage {
  const sent = buildUsage(
    usage ?? { ...noUsage, promptTokens: estimate.inputTokens, completionTokens: estimate.outputTokens },
  );
  if (searches > 0 && !sent.server_tool_use?.web_search_requests) {
    sent.server_tool_use = { web_search_requests: searches, web_fetch_requests: 0 };
  }
  return sent;
}
