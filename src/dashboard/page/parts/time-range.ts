/** How far back a view looks. */
export const timeRanges = ["24h", "7d", "14d", "all"] as const;

export type TimeRange = (typeof timeRanges)[number];

/** What the ranges are called. */
export const rangeTitles: Readonly<Record<TimeRange, string>> = {
  "24h": "24 hours",
  "7d": "7 days",
  "14d": "14 days",
  all: "All",
};

/** The range that the address says, else seven days. */
export function parseRange(text: string | undefined): TimeRange {
  return timeRanges.find((range) => range === text) ?? "7d";
}

/** The filter of the requests in a range; empty for all. */
export function buildRangeFilter(range: TimeRange): string {
  return range === "all" ? "" : `since:${range}`;
}

/** A term of the filter language: this member has this value. A value that could be read otherwise stands in quotes. */
export function buildTerm(member: string, value: string): string {
  const isPlain = /^[\w./@][\w./@+-]*$/.test(value);
  return `${member}:${isPlain ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`;
}
