import type { ListedRequest } from "../../../record/record-reader.ts";

/** More of them are not kept in the page: what was cut off is asked for again when somebody scrolls there. */
const mostKept = 5000;

/** Newest first, and of the same millisecond the one first that was written last. */
function compare(a: ListedRequest, b: ListedRequest): number {
  return b.timeMs - a.timeMs || b.seq - a.seq;
}

/** One list of both, newest first, each request once. */
export function mergeRequests(
  shown: readonly ListedRequest[],
  added: readonly ListedRequest[],
): readonly ListedRequest[] {
  if (added.length === 0) return shown;
  const known = new Set(shown.map(({ seq }) => seq));
  return [...shown, ...added.filter(({ seq }) => !known.has(seq))].toSorted(compare);
}

/**
 * What is new, above the list: a request that began before the oldest of an unfinished list is left out, as it comes
 * with those that are loaded there. Says also whether the list is unfinished now.
 */
export function addNewest(
  { requests, hasMore }: { readonly requests: readonly ListedRequest[]; readonly hasMore: boolean },
  added: readonly ListedRequest[],
): { requests: readonly ListedRequest[]; hasMore: boolean } {
  const oldest = requests.at(-1);
  const wanted =
    hasMore && oldest !== undefined ? added.filter((request) => compare(request, oldest) < 0) : added;
  const merged = mergeRequests(requests, wanted);
  return merged.length > mostKept
    ? { requests: merged.slice(0, mostKept), hasMore: true }
    : { requests: merged, hasMore };
}

/** The number that was written last, or 0. */
export function findLastSeq(requests: readonly ListedRequest[]): number {
  return requests.reduce((last, { seq }) => Math.max(last, seq), 0);
}
