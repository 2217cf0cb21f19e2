import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ListedRequest } from "../../../record/record-reader.ts";
import { askRequests } from "../api/ask.ts";
import { formatClock } from "../parts/format.ts";
import { startPolling } from "../shell/poll.ts";
import { countMinutes, type MinuteCount } from "./minute-counts.ts";

const minutes = 30;
const most = 1000;
const pauseMs = 5000;
const minuteMs = 60_000;

type Arrived = Pick<ListedRequest, "seq" | "timeMs" | "status" | "errorType">;

/** How many requests ended in each of the last minutes: what is new is asked for, not all of it again. */
export function LastMinutes({ nowMs }: { readonly nowMs: number }) {
  const arrived = useSignal<readonly Arrived[]>([]);
  const fault = useSignal<string | null>(null);
  useEffect(
    () =>
      startPolling(async (ended) => {
        try {
          arrived.value = await addNew(arrived.value, ended);
          fault.value = null;
        } catch (thrown) {
          if (ended.aborted) return;
          fault.value = thrown instanceof Error ? thrown.message : String(thrown);
        }
      }, pauseMs),
    [arrived, fault],
  );
  const counts = countMinutes(arrived.value, nowMs, minutes);
  return (
    <section aria-labelledby="minutes-title">
      <h2 id="minutes-title">The last {minutes} minutes</h2>
      {fault.value !== null && <p class="fault">{fault.value}</p>}
      <p>{describeMinutes(counts)}</p>
      <Sparkline counts={counts} />
    </section>
  );
}

async function addNew(known: readonly Arrived[], signal: AbortSignal): Promise<readonly Arrived[]> {
  const filter = `since:${minutes}m`;
  const lastSeq = known.reduce((last, { seq }) => Math.max(last, seq), 0);
  const question = known.length === 0 ? { filter, limit: most } : { filter, limit: most, afterSeq: lastSeq };
  const { requests } = await askRequests(question, signal);
  const fresh = requests.map(({ seq, timeMs, status, errorType }) => ({ seq, timeMs, status, errorType }));
  const newestMs = fresh.reduce((newest, { timeMs }) => Math.max(newest, timeMs), 0);
  return [...known.filter(({ timeMs }) => timeMs > newestMs - minutes * minuteMs), ...fresh];
}

function describeMinutes(counts: readonly MinuteCount[]): string {
  const requests = counts.reduce((sum, count) => sum + count.requests, 0);
  const errors = counts.reduce((sum, count) => sum + count.errors, 0);
  if (requests === 0) return "No request.";
  return `${requests} ${requests === 1 ? "request" : "requests"}, ${errors === 0 ? "none" : errors} of them failed.`;
}

const barPx = 10;
const heightPx = 40;

/** Bars without numbers: the sentence above has them. Errors stand at the foot, in another colour. */
function Sparkline({ counts }: { readonly counts: readonly MinuteCount[] }) {
  const highest = Math.max(1, ...counts.map(({ requests }) => requests));
  const scale = heightPx / highest;
  return (
    <div class="sparkline" aria-hidden="true">
      <svg viewBox={`0 0 ${counts.length * barPx} ${heightPx}`} preserveAspectRatio="none">
        <title>Requests by minute</title>
        {counts.map(({ startMs, requests, errors }, index) => (
          <g key={startMs}>
            <rect
              class="sparkline-bar"
              x={index * barPx + 1}
              y={heightPx - requests * scale}
              width={barPx - 2}
              height={requests * scale}
            />
            <rect
              class="sparkline-error"
              x={index * barPx + 1}
              y={heightPx - errors * scale}
              width={barPx - 2}
              height={errors * scale}
            />
          </g>
        ))}
      </svg>
      <span class="quiet">{formatClock(counts[0]?.startMs ?? 0)}</span>
      <span class="quiet">now</span>
    </div>
  );
}
