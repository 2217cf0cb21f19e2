import type { RecordFilter } from "../record-filter.ts";
import { quoteValue } from "./split-terms.ts";

/** The text for which `parseFilter` gives this filter. */
export function formatFilter(filter: RecordFilter): string {
  const { texts, numbers, flags, words, bodyWords, sinceMs, untilMs } = filter;
  return [
    ...texts.map(
      ({ member, pattern, isNegated }) => `${isNegated ? "-" : ""}${member}:${quoteValue(pattern)}`,
    ),
    ...numbers.map(({ member, comparison, value }) => `${member}:${comparison}${value}`),
    ...flags.map((flag) => `is:${flag}`),
    ...(sinceMs === null ? [] : [`since:${new Date(sinceMs).toISOString()}`]),
    ...(untilMs === null ? [] : [`until:${new Date(untilMs).toISOString()}`]),
    ...bodyWords.map((word) => `body:${quoteValue(word)}`),
    ...words.map(quoteValue),
  ].join(" ");
}
