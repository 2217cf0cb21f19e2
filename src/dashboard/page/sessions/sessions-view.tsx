import { useSignal } from "@preact/signals";
import { askSessions } from "../api/ask.ts";
import { AnswerNote } from "../parts/answer-note.tsx";
import { buildRangeFilter, parseRange, type TimeRange } from "../parts/time-range.ts";
import { currentRoute } from "../shell/current-route.ts";
import { NothingRecorded } from "../shell/nothing-recorded.tsx";
import { RangeChoice } from "../shell/range-choice.tsx";
import { usePolled } from "../shell/use-polled.ts";
import { SessionItem } from "./session-item.tsx";

const pageSize = 30;
/** The server lists no more at once. */
const mostSessions = 500;
const pauseMs = 5000;

/** The sessions that were active last, each with its agents as a tree. */
export function SessionsView() {
  const range = parseRange(currentRoute.value.settings["range"]);
  return (
    <>
      <h1>Sessions</h1>
      <div class="choices">
        <RangeChoice view="sessions" range={range} />
      </div>
      <SessionList key={range} range={range} />
    </>
  );
}

function SessionList({ range }: { readonly range: TimeRange }) {
  const limit = useSignal(pageSize);
  const filter = buildRangeFilter(range);
  const asked = limit.value;
  const { answer, fault } = usePolled(
    `${asked} ${filter}`,
    (signal) => askSessions({ filter, limit: asked }, signal),
    pauseMs,
  );
  if (answer === null) return <p class={fault === null ? "quiet" : "fault"}>{fault ?? "Loading …"}</p>;
  if (answer.sessions.length === 0 && answer.note === null) {
    return <NothingRecorded what="No session was recorded in this time." />;
  }
  return (
    <>
      <AnswerNote note={answer.note} />
      {fault !== null && <p class="fault">{fault}</p>}
      <ol class="sessions">
        {answer.sessions.map((session, index) => (
          <SessionItem key={session.sessionId} session={session} isOpenAtFirst={index === 0} />
        ))}
      </ol>
      {answer.sessions.length >= asked && asked < mostSessions && (
        <button type="button" onClick={() => (limit.value = Math.min(mostSessions, asked + pageSize))}>
          Show more
        </button>
      )}
    </>
  );
}
