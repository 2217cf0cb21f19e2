import { readDecimal } from "../../json/whole-number.ts";

/** Most characters of a wait or a date. Longer texts are neither, and are not searched. */
export const longestWait = 64;

/** One part of a duration. Sticky, so that a text is read once from its start, whatever it repeats. */
const part = /([\d.]+) ?(milliseconds?|ms|[hms])[a-z]*,? ?/iy;

const secondsOf = new Map([
  ["h", 3600],
  ["m", 60],
  ["s", 1],
]);

/** A duration at the start of a text. */
export interface Duration {
  seconds: number;
  /** How many characters of the text it takes. */
  length: number;
}

/** Reads `2m59.56s`, `450ms`, `7.2s`, `30 seconds`; null if the text begins with none. Reads at most 64 characters. */
export function readDuration(text: string): Duration | null {
  const start = text.slice(0, longestWait);
  const duration: Duration = { seconds: 0, length: 0 };
  for (;;) {
    part.lastIndex = duration.length;
    const found = part.exec(start);
    if (found === null) return duration.length === 0 ? null : duration;
    const amount = readDecimal(found[1]);
    if (amount === null) return null;
    duration.seconds += amount * (secondsOf.get((found[2] ?? "").toLowerCase()) ?? 0.001);
    duration.length = part.lastIndex;
  }
}
