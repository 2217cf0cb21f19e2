/** So many characters are put into the page at once: more would hold it up. */
const sliceLength = 20_000;

/** Cuts a long text into slices that end with a line where one ends nearby; joined they are the text. */
export function cutSlices(text: string, length: number = sliceLength): string[] {
  const slices: string[] = [];
  for (let start = 0; start < text.length; ) {
    const most = start + length;
    const line = text.lastIndexOf("\n", most - 1) + 1;
    let end = most >= text.length ? text.length : line > start + length / 2 ? line : most;
    // Both halves of a pair belong together.
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? "")) end -= 1;
    slices.push(text.slice(start, Math.max(end, start + 1)));
    start = Math.max(end, start + 1);
  }
  return slices;
}
