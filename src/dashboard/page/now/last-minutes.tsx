import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ListedRequest } from "../../../record/record-reader.ts";
import { askRequests } from "../api/ask.ts";
import { formatClock } from "../parts/format.ts";
import { startPolling } from "../shell/poll.ts";
import { countMinutes, type MinuteCount } from "./minute-counts.ts";

const minutes = 30;
/** The server lists no more at once. */
const pageSize = 500;
/** Pages that are asked for at first: of more requests than these hold only the latest are counted. */
const mostPages = 10;
const pauseMs = 5000;
const minuteMs = 60_000;
const filter = `since:${minutes}m`;

type Arrived = Pick<ListedRequest, "seq" | "timeMs" | "status" | "errorType">;

interface Seen {
  readonly arrived: readonly Arrived[];
  /** There were more than could be asked for. */
  readonly isCut: boolean;
}

/** How many requests ended in each of the last minutes: what is new is asked for, not all of it again. */
export function LastMinutes({ nowMs }: { readonly nowMs: number }) {
  const seen = useSignal<Seen>({ arrived: [], isCut: false });
  const fault = useSignal<string | null>(null);
  useEffect(
    () =>
      startPolling(async (ended) => {
        try {
          seen.value = await addNew(seen.value, ended);
          fault.value = null;
        } catch (thrown) {
          if (ended.aborted) return;
          fault.value = thrown instanceof Error ? thrown.message : String(thrown);
        }
      }, pauseMs),
    [seen, fault],
  );
  const counts = countMinutes(seen.value.arrived, nowMs, minutes);
  return (
    <section aria-labelledby="minutes-title">
      <h2 id="minutes-title">The last {minutes} minutes</h2>
      {fault.value !== null && <p class="fault">{fault.value}</p>}
      <p>{describeMinutes(counts, seen.value.isCut)}</p>
      <Sparkline counts={counts} />
    </section>
  );
}

/** What was seen with what has come since then; all of the last minutes at first. */
async function addNew({ arrived, isCut }: Seen, signal: AbortSignal): Promise<Seen> {
  const newest = arrived.reduce((last, { seq }) => Math.max(last, seq), 0);
  if (newest === 0) return askAll(signal);
  const { requests } = await askRequests({ filter, limit: pageSize, afterSeq: newest }, signal);
  const fresh = requests.map(keepNeeded);
  const latestMs = fresh.reduce((latest, { timeMs }) => Math.max(latest, timeMs), 0);
  return {
    arrived: [...arrived.filter(({ timeMs }) => timeMs > latestMs - minutes * minuteMs), ...fresh],
    isCut,
  };
}

async function askAll(signal: AbortSignal): Promise<Seen> {
  const arrived: Arrived[] = [];
  for (let page = 0; page < mostPages; page++) {
    const last = arrived.at(-1);
    const { requests } = await askRequests(
      { filter, limit: pageSize, ...(last === undefined ? {} : { before: last }) },
      signal,
    );
    arrived.push(...requests.map(keepNeeded));
    if (requests.length < pageSize) return { arrived, isCut: false };
  }
  return { arrived, isCut: true };
}

function keepNeeded({ seq, timeMs, status, errorType }: ListedRequest): Arrived {
  return { seq, timeMs, status, errorType };
}

function describeMinutes(counts: readonly MinuteCount[], isCut: boolean): string {
  const requests = counts.reduce((sum, count) => sum + count.requests, 0);
  const errors = counts.reduce((sum, count) => sum + count.errors, 0);
  if (requests === 0) return "No request.";
  const noun = requests === 1 ? "request" : "requests";
  return `${requests} ${noun}${isCut ? " at least" : ""}, ${errors === 0 ? "none" : errors} of them failed.`;
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
