import type { Usage } from "../../anthropic/message.ts";
import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { AnswerPlan } from "../request/answer-plan.ts";
import type { MappedStop } from "../response/map-finish-reason.ts";

/** `message_delta` with everything that is known only at the end, and `message_stop` (rule 4.1). */
export function buildMessageEnd(
  { stopReason, stopSequence, stopDetails }: Exclude<MappedStop, { failure: unknown }>,
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
