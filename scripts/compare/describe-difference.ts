/** Lines of a side that are shown of a difference, and around it. */
const mostLines = 6;
const contextLines = 2;
/** Characters of a line that are shown, and those of them that stand before the first difference. */
const shownCharacters = 160;
const shownBefore = 60;

/** The first place where two texts differ, as a short unified diff; empty when they are the same. */
export function describeDifference(one: string, other: string): string {
  if (one === other) return "";
  const [first, second] = [linesOf(one), linesOf(other)];
  // Numbers and blanks can be written in two ways that are parsed as one.
  const [ours, theirs] = Bun.deepEquals(first, second)
    ? [one.split("\n"), other.split("\n")]
    : [first, second];
  const start = commonLength(ours, theirs);
  const end = commonLength(ours.slice(start).toReversed(), theirs.slice(start).toReversed());
  const at = commonLength([...(ours[start] ?? "")], [...(theirs[start] ?? "")]);
  const show = (sign: string, lines: readonly string[]) =>
    [
      ...lines.slice(0, mostLines).map((line) => `${sign}${cutLine(line, at)}`),
      ...(lines.length > mostLines ? [`${sign}… ${lines.length - mostLines} lines more`] : []),
    ].join("\n");
  const removed = ours.slice(start, ours.length - end);
  const added = theirs.slice(start, theirs.length - end);
  // As many lines as before: between the first and the last that differ there are some that do not.
  const isInPlace = removed.length === added.length;
  return [
    `@@ line ${start + 1} @@`,
    show(" ", ours.slice(Math.max(0, start - contextLines), start)),
    show("-", isInPlace ? removed.filter((line, index) => line !== added[index]) : removed),
    show("+", isInPlace ? added.filter((line, index) => line !== removed[index]) : added),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** How two HTTP messages differ. Where their bodies do, nothing is said of their lengths. */
export function describeMessageDifference(one: string, other: string): string {
  const [ours, theirs] = [one, other].map((text) => {
    const end = text.indexOf("\n\n");
    return {
      head: text.slice(0, end).replace(/^content-length: .*$/m, "content-length: …"),
      body: text.slice(end + 2),
    };
  });
  const parts = [
    describeDifference(ours?.head ?? "", theirs?.head ?? ""),
    describeDifference(ours?.body ?? "", theirs?.body ?? ""),
  ];
  const differing = parts.filter((part) => part !== "");
  return differing.length === 0 ? describeDifference(one, other) : differing.join("\n");
}

/** The lines of a text, where a line of JSON becomes a line for each member. */
function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, before = "", json = ""] = /^(data: )?([[{].*)$/.exec(line) ?? [];
    try {
      return `${before}${JSON.stringify(JSON.parse(json), null, 1)}`.split("\n");
    } catch {
      return [line];
    }
  });
}

/** How many items the two lists have in common at their start. */
function commonLength(ours: readonly string[], theirs: readonly string[]): number {
  const shorter = Math.min(ours.length, theirs.length);
  for (let at = 0; at < shorter; at += 1) if (ours[at] !== theirs[at]) return at;
  return shorter;
}

function cutLine(line: string, at: number): string {
  if (line.length <= shownCharacters) return line;
  const start = Math.max(0, at - shownBefore);
  const end = start + shownCharacters;
  return `${start > 0 ? "…" : ""}${line.slice(start, end)}${end < line.length ? "…" : ""}`;
}
