import { batch, signal } from "@preact/signals";
import type { ListedRequest } from "../../../record/record-reader.ts";
import { askRequests } from "../api/ask.ts";
import { AnswerFault } from "../api/fetch-answer.ts";
import { announce } from "../shell/announce.ts";
import { startPolling } from "../shell/poll.ts";
import { describeError } from "./describe-request.ts";
import { addNewest, findLastSeq, mergeRequests } from "./merge-requests.ts";

const pageLength = 100;
const pauseMs = 2000;

/** The filter of the list. */
export const listFilter = signal<string | null>(null);
/** Newest first; null until the first answer. */
export const requests = signal<readonly ListedRequest[] | null>(null);
/** What came since somebody began to read further down. */
export const waiting = signal<readonly ListedRequest[]>([]);
export const hasMore = signal(false);
/** What is wrong with the filter, or why there is no answer. */
export const listFault = signal<string | null>(null);
/** What is missing in the list, and why; null if nothing is. */
export const listNote = signal<string | null>(null);
/** Whether the newest is in sight, so that new ones may move the list. */
export const isAtTop = signal(true);
/** The request that the keyboard is at. */
export const chosenId = signal<string | null>(null);
/** How far the list was scrolled when it was left. */
export const keptScroll = { top: 0 };

let loading: AbortController | null = null;
let lastSeq = 0;
/** When the list was asked for. */
let askedMs = Number.NEGATIVE_INFINITY;
/** The proxy refused the filter: it will not take it the next time either. */
let isFilterRefused = false;

function beginLoading(): AbortController {
  loading = new AbortController();
  return loading;
}

/** Nothing is being loaded any more, unless something else is. */
function endLoading(ended: AbortSignal): void {
  if (loading?.signal === ended) loading = null;
}

/** Shows the list of this filter. What is shown stays there until the answer comes, and if it is refused. */
export async function loadList(filter: string): Promise<void> {
  loading?.abort();
  const { signal: ended } = beginLoading();
  listFilter.value = filter;
  askedMs = performance.now();
  isFilterRefused = false;
  try {
    const found = await askRequests({ filter, limit: pageLength }, ended);
    batch(() => {
      requests.value = found.requests;
      hasMore.value = found.requests.length === pageLength;
      waiting.value = [];
      listFault.value = null;
      listNote.value = found.note;
    });
    lastSeq = findLastSeq(found.requests);
  } catch (thrown) {
    if (!ended.aborted) noteFault(thrown);
  } finally {
    endLoading(ended);
  }
}

/** Adds the next older ones, unless something is being loaded. */
export async function loadOlder(): Promise<void> {
  const oldest = requests.value?.at(-1);
  const filter = listFilter.value;
  if (oldest === undefined || filter === null || !hasMore.value || loading !== null) return;
  const { signal: ended } = beginLoading();
  try {
    const found = await askRequests({ filter, limit: pageLength, before: oldest }, ended);
    batch(() => {
      requests.value = mergeRequests(requests.value ?? [], found.requests);
      hasMore.value = found.requests.length === pageLength;
      listNote.value = found.note;
    });
  } catch (thrown) {
    if (!ended.aborted) noteFault(thrown);
  } finally {
    endLoading(ended);
  }
}

/** Asks for new ones while the page is seen. Returns what ends it. */
export function followList(): () => void {
  return startPolling(async (ended) => {
    const filter = listFilter.value;
    if (filter === null || loading !== null || isFilterRefused) return;
    if (performance.now() - askedMs < pauseMs) return;
    if (requests.value === null || listFault.value !== null) return loadList(filter);
    try {
      const found = await askRequests({ filter, limit: pageLength, afterSeq: lastSeq }, ended);
      if (filter !== listFilter.value || loading !== null) return;
      lastSeq = Math.max(lastSeq, findLastSeq(found.requests));
      addNew(found.requests);
    } catch (thrown) {
      // That the proxy is gone is said above the list, and the list is still true.
      if (!ended.aborted && thrown instanceof AnswerFault && thrown.status !== null) noteFault(thrown);
    }
  }, pauseMs);
}

function addNew(added: readonly ListedRequest[]): void {
  if (added.length === 0) return;
  const failed = added.filter(({ errorType, status }) => errorType !== null || status >= 400);
  const [first] = failed;
  if (first !== undefined) announce(`${failed.length} new with an error: ${describeError(first)}`);
  waiting.value = [...waiting.value, ...added];
  if (isAtTop.value) showWaiting();
}

/** Puts into the list what waits above it. */
export function showWaiting(): void {
  if (waiting.value.length === 0) return;
  batch(() => {
    const shown = addNewest({ requests: requests.value ?? [], hasMore: hasMore.value }, waiting.value);
    requests.value = shown.requests;
    hasMore.value = shown.hasMore;
    waiting.value = [];
  });
}

function noteFault(thrown: unknown): void {
  isFilterRefused = thrown instanceof AnswerFault && thrown.status === 400;
  listFault.value = thrown instanceof Error ? thrown.message : "The requests could not be read.";
}
