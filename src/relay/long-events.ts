import type { StreamEvent } from "../anthropic/stream-event.ts";
import { textOfDelta } from "../anthropic/text-of-delta.ts";
import { runSteps } from "../turns/run-steps.ts";
import { waitForTurn } from "../turns/turns.ts";
import type { AnswerReaderOptions } from "./answer-reader-options.ts";

/** Characters; all that is done with an event of them takes some milliseconds. */
const longEventLength = 512 * 1024;

/** Whether an event is long: arguments that were held until their call was complete come as one. */
export function isLongEvent(event: StreamEvent): boolean {
  const text = event.type === "content_block_delta" ? textOfDelta(event.delta) : null;
  return text !== null && text.length > longEventLength;
}

/**
 * What may go out of long events. It is found out in turns of the event loop, and given in one in which nothing was done
 * yet: to write them for the client takes its time, too.
 */
export async function filterLongEvents(
  made: StreamEvent[],
  { filterEvents, takeTurn }: Pick<AnswerReaderOptions<unknown>, "filterEvents" | "takeTurn">,
): Promise<StreamEvent[]> {
  const events = filterEvents === null ? made : await runSteps(filterEvents.filterInParts(made), takeTurn);
  await waitForTurn(takeTurn);
  return events;
}
