import type { StreamEvent } from "../anthropic/stream-event.ts";
import { textOfDelta } from "../anthropic/text-of-delta.ts";
import { runSteps } from "../turns/run-steps.ts";
import { waitForTurn } from "../turns/turns.ts";
import type { AnswerReaderOptions } from "./answer-reader-options.ts";

/** In characters; processing a longer event takes some milliseconds. */
const longEventLength = 512 * 1024;

/** Whether an event is long. Arguments held back until their call was complete come as one event. */
export function isLongEvent(event: StreamEvent): boolean {
  const text = event.type === "content_block_delta" ? textOfDelta(event.delta) : null;
  return text !== null && text.length > longEventLength;
}

/**
 * Filters long events, which returns what may be sent of them. The filter runs in turns of the event loop. The result
 * comes in a fresh turn, because writing it to the client also takes time.
 */
export async function filterLongEvents(
  made: StreamEvent[],
  { filterEvents, takeTurn }: Pick<AnswerReaderOptions<unknown>, "filterEvents" | "takeTurn">,
): Promise<StreamEvent[]> {
  const events = filterEvents === null ? made : await runSteps(filterEvents.filterInParts(made), takeTurn);
  await waitForTurn(takeTurn);
  return events;
}
