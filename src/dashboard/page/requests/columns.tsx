import type { ComponentChildren } from "preact";
import type { ListedRequest } from "../../../record/record-reader.ts";
import {
  countCacheShare,
  countPrompt,
  formatClock,
  formatCount,
  formatDay,
  formatDuration,
  formatShare,
} from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import {
  describeAsker,
  describeCost,
  describeError,
  describeModels,
  isCacheBroken,
  isFailed,
} from "./describe-request.ts";

export interface Column {
  /** Its class in the styles. */
  readonly name: string;
  readonly title: string;
  readonly show: (request: ListedRequest) => ComponentChildren;
}

const day = 86_400_000;

/** The time alone if it was today, else the day too. */
function showTime({ timeMs }: ListedRequest): ComponentChildren {
  const isOld = Date.now() - timeMs > day || formatDay(timeMs) !== formatDay(Date.now());
  return isOld ? `${formatDay(timeMs).slice(5)} ${formatClock(timeMs)}` : formatClock(timeMs);
}

function showStatus(request: ListedRequest): ComponentChildren {
  // Not by colour alone.
  return isFailed(request) ? <span class="bad">✕ {request.status}</span> : request.status;
}

function showTokens(request: ListedRequest): ComponentChildren {
  const prompt = countPrompt(request);
  return prompt === null && request.outputTokens === null
    ? ""
    : `${formatCount(prompt)} → ${formatCount(request.outputTokens)}`;
}

function showCache(request: ListedRequest): ComponentChildren {
  const share = countCacheShare(request);
  return share === null ? "" : formatShare(share);
}

function showChanges({ sends, prefix, changes: { dropped, repairs, warnings } }: ListedRequest): string {
  const notes = [
    sends > 1 ? `${sends} sends` : "",
    repairs.length > 0 ? "repaired" : "",
    warnings.length > 0 ? "warned" : "",
    dropped.length > 0 ? "dropped fields" : "",
    prefix !== null && isCacheBroken(prefix) ? `cache broken: ${toVisibleText(prefix.place ?? "")}` : "",
  ];
  return notes.filter((note) => note !== "").join(", ");
}

/** The columns of the list, as they are read. */
export const columns: readonly Column[] = [
  { name: "time", title: "Time", show: showTime },
  { name: "status", title: "Status", show: showStatus },
  { name: "asker", title: "Kind", show: describeAsker },
  { name: "model", title: "Model (asked → answered)", show: describeModels },
  { name: "tokens", title: "In → out", show: showTokens },
  { name: "cache", title: "Cache", show: showCache },
  { name: "cost", title: "Cost", show: describeCost },
  {
    name: "first",
    title: "First byte",
    show: ({ firstByteMs }) => (firstByteMs === null ? "" : formatDuration(firstByteMs)),
  },
  { name: "duration", title: "Duration", show: ({ durationMs }) => formatDuration(durationMs) },
  {
    name: "error",
    title: "Error, notes",
    show: (request) =>
      isFailed(request) ? (
        <span class="bad">{describeError(request)}</span>
      ) : (
        <span class="quiet">{showChanges(request)}</span>
      ),
  },
];
