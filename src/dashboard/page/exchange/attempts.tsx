import type { RecordedRequest } from "../../../record/recorded-request.ts";
import { formatDuration } from "../parts/format.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { toVisibleText } from "../parts/visible-text.ts";
import { type LaidAttempt, layAttempts } from "./lay-attempts.ts";

/** Every place that was asked: as bars on a line of time, and the same as a table. */
export function Attempts({ request }: { request: RecordedRequest }) {
  const laid = layAttempts(request);
  if (laid.length === 0) return null;
  return (
    <>
      <h2>Attempts</h2>
      <p class="quiet">{describeSends(request.sends, laid.length)}</p>
      <Scrolled title="Attempts">
        <table class="attempts">
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col">Key</th>
              <th scope="col">Result</th>
              <th scope="col" class="number">
                Time
              </th>
              <th scope="col" class="line-of-time">
                Within {formatDuration(request.durationMs)}
              </th>
            </tr>
          </thead>
          <tbody>
            {laid.map((attempt) => (
              <Attempt key={attempt.number} attempt={attempt} />
            ))}
          </tbody>
        </table>
      </Scrolled>
    </>
  );
}

/** What the times are, and why there may be fewer rows than sends. */
function describeSends(sends: number, places: number): string {
  const until = "until an answer began or it failed";
  if (places > 1)
    return `Each ${until}. Pauses between them are not recorded: the bars stand one behind the other.`;
  return sends > 1 ? `Sent ${sends} times to the same place, ${until}.` : `Sent once, ${until}.`;
}

function Attempt({ attempt }: { attempt: LaidAttempt }) {
  const { upstream, model, key, status, error, ms, isFailed, startPercent, lengthPercent } = attempt;
  const result = [status, error].filter((part) => part !== null).join(", ");
  return (
    <tr>
      <th scope="row">{toVisibleText(`${upstream}/${model}`)}</th>
      <td>{key ?? ""}</td>
      <td class={isFailed ? "bad" : "good"}>
        {isFailed ? "✕" : "✓"} {toVisibleText(result)}
      </td>
      <td class="number">{formatDuration(ms)}</td>
      <td class="line-of-time">
        <div
          class={isFailed ? "bar failed" : "bar"}
          style={{ marginLeft: `${startPercent}%`, width: `${lengthPercent}%` }}
        />
      </td>
    </tr>
  );
}
