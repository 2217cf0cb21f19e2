import type { RunningRequest } from "../../dashboard-api.ts";
import { formatBytes, formatDuration } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";

export interface RunningSectionProps {
  readonly running: readonly RunningRequest[];
  readonly rates: ReadonlyMap<string, number>;
}

/** The requests that are being answered. */
export function RunningSection({ running, rates }: RunningSectionProps) {
  return (
    <section aria-labelledby="running-title">
      <h2 id="running-title">{running.length === 0 ? "Nothing runs" : `Running: ${running.length}`}</h2>
      {running.length === 0 ? (
        <p class="quiet">As soon as a client asks, its request stands here.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
        <section class="scrolled" tabIndex={0} aria-label="Table of running requests">
          <table class="running">
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">For</th>
                <th scope="col" class="number">
                  Since
                </th>
                <th scope="col" class="number">
                  First byte
                </th>
                <th scope="col" class="number">
                  Sent
                </th>
                <th scope="col" class="number">
                  Speed
                </th>
              </tr>
            </thead>
            <tbody>
              {running.map((request) => (
                <RunningRow key={request.requestId} request={request} rate={rates.get(request.requestId)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function RunningRow({
  request,
  rate,
}: {
  readonly request: RunningRequest;
  readonly rate: number | undefined;
}) {
  const { model, upstream, clientModel, firstByteMs, answerBytes, elapsedMs } = request;
  return (
    <tr>
      <th scope="row" class="group-name">
        {toVisibleText(model ?? "not chosen yet")}
        <span class="quiet">
          {upstream !== null && ` at ${toVisibleText(upstream)}`}
          {clientModel !== null && clientModel !== model && `, asked for ${toVisibleText(clientModel)}`}
        </span>
      </th>
      <td>{toVisibleText(describeAsker(request))}</td>
      <td class="number">{formatDuration(elapsedMs)}</td>
      <td class="number">{firstByteMs === null ? "waiting" : formatDuration(firstByteMs)}</td>
      <td class="number">{formatBytes(answerBytes)}</td>
      <td class="number">{rate === undefined ? "" : `${formatBytes(rate)}/s`}</td>
    </tr>
  );
}

/** Who asked, as far as it is known. */
function describeAsker({ kind, agentType, client, sessionId }: RunningRequest): string {
  const parts = [agentType ?? kind, client, sessionId === null ? null : `session ${sessionId.slice(0, 8)}`];
  return parts.filter((part) => part !== null).join(", ");
}
