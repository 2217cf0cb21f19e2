import { useEffect, useRef } from "preact/hooks";
import { askRequests } from "../api/ask.ts";
import { formatTime } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { announce } from "../shell/announce.ts";
import { formatFilterRoute, formatRoute } from "../shell/route.ts";
import { usePolled } from "../shell/use-polled.ts";

const shown = 5;
const pauseMs = 5000;
const longestMessage = 300;

/** The latest requests that failed; a new one is said to those who do not see it. */
export function LastErrors() {
  const { answer, fault } = usePolled(
    "errors",
    (signal) => askRequests({ filter: "is:error", limit: shown }, signal),
    pauseMs,
  );
  const newest = answer?.requests[0];
  useAnnouncement(newest?.requestId, newest?.errorMessage ?? newest?.errorType ?? "");
  return (
    <section aria-labelledby="errors-title">
      <h2 id="errors-title">Last errors</h2>
      {fault !== null && <p class="fault">{fault}</p>}
      {answer !== null && answer.requests.length === 0 && <p class="good">None in the record.</p>}
      <ul class="errors">
        {(answer?.requests ?? []).map(({ requestId, timeMs, status, model, errorType, errorMessage }) => (
          <li key={requestId}>
            <a href={formatRoute({ view: "requests", id: requestId })}>
              {formatTime(timeMs)} · {status}
              {errorType !== null && ` ${toVisibleText(errorType)}`}
              {model !== null && ` · ${toVisibleText(model)}`}
            </a>
            {errorMessage !== null && <p>{toVisibleText(shorten(errorMessage))}</p>}
          </li>
        ))}
      </ul>
      {answer !== null && answer.requests.length > 0 && (
        <p>
          <a href={formatFilterRoute("is:error")}>All errors</a>
        </p>
      )}
    </section>
  );
}

/** Says that there is a new error; the one that was there at first is not new. */
function useAnnouncement(requestId: string | undefined, words: string): void {
  const known = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (requestId === undefined) return;
    if (known.current !== undefined && known.current !== requestId) announce(`New error: ${shorten(words)}`);
    known.current = requestId;
  }, [requestId, words]);
}

function shorten(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)} …` : text;
}
