import { readDecimal } from "../../json/whole-number.ts";

const unitSeconds = new Map([
  ["ms", 0.001],
  ["s", 1],
  ["m", 60],
  ["h", 3600],
]);

/** A day. */
const mostSeconds = 86_400;

/**
 * Parses a time such as `10s`, `6m`, `500ms` or `0`.
 * @returns seconds, 0 for no limit; the fault, to be read after the value, for anything else
 */
export function parseDuration(text: string | number): number | { readonly fault: string } {
  if (text === 0 || /^0+(?:ms|s|m|h)?$/.test(String(text).trim())) return 0;
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)\s?(ms|s|m|h)$/.exec(String(text).trim()) ?? [];
  if (digits === undefined || unit === undefined) {
    return {
      fault: "is no time: write a number with its unit, such as 500ms, 10s, 6m or 1h; 0 means no limit",
    };
  }
  const seconds = (readDecimal(digits) ?? 0) * (unitSeconds.get(unit) ?? 1);
  return seconds > mostSeconds || seconds < 0.001
    ? { fault: "must be from 1ms to 24h, or 0 for no limit" }
    : seconds;
}
