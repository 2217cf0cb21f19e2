import { isJsonObject, textOfScalar } from "../../json/json-value.ts";
import { readDecimal } from "../../json/whole-number.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import type { ErrorFacts } from "./error-facts.ts";
import { longestWait, readDuration } from "./read-duration.ts";

const announcement = /(?:try again|retry) (?:in|after) /gi;

/** `Tue, 24 Nov`, `Tuesday, 24-Nov-26`, `Tue Nov 24`, `2026-11-24T`: for `Date.parse` even `-2050` is a date. */
const dateStart = /^(?:(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,? |\d{4}-\d\d-\d\dt)/i;

/** A day: longer times are no more useful. */
const maxSeconds = 86_400;

/** The upstream's `retry-after` in whole seconds, at least 1; undefined if it sent no valid one. */
export function readRetryAfter({ headers }: UpstreamError): string | undefined {
  const ms = readDecimal(headers["retry-after-ms"]);
  return (ms === null ? undefined : inRange(ms / 1000)) ?? waitOf(headers["retry-after"], headers["date"]);
}

/**
 * How long a rate limit lasts, as `readRetryAfter` returns it: the upstream's explicit value, else its reset headers,
 * OpenRouter's copy of them in the body, or its text ("try again in 7.2s").
 */
export function deriveRetryAfter(error: UpstreamError, facts: ErrorFacts): string | undefined {
  return (
    readRetryAfter(error) ??
    longestReset(error.headers) ??
    resetInBody(facts, error.headers["date"]) ??
    waitInText(facts.text)
  );
}

/** The limit that ends last; a limit that is not used up, according to the upstream, does not count. */
function longestReset(headers: Readonly<Record<string, string>>): string | undefined {
  const all = new Map(Object.entries(headers));
  let longest = 0;
  for (const [name, value] of all) {
    if (!name.startsWith("x-ratelimit-reset")) continue;
    if (readDecimal(all.get(name.replace("reset", "remaining")) ?? 0) !== 0) continue;
    longest = Math.max(longest, readDecimal(waitOf(value, headers["date"])) ?? 0);
  }
  return inRange(longest);
}

function resetInBody({ metadata }: ErrorFacts, date: string | undefined): string | undefined {
  const { headers } = metadata;
  return isJsonObject(headers) ? waitOf(textOfScalar(headers["X-RateLimit-Reset"]), date) : undefined;
}

/** Whether a text itself says how long to wait. */
export function tellsWait(text: string): boolean {
  return waitInText(text) !== undefined;
}

/** The first wait in a text. */
function waitInText(text: string): string | undefined {
  for (const { 0: words, index } of text.matchAll(announcement)) {
    const start = index + words.length;
    const duration = readDuration(text.slice(start, start + longestWait));
    if (duration !== null) return inRange(duration.seconds);
  }
  return undefined;
}

/**
 * Seconds from `date`, the answer's own time, to the time of a header: seconds, a duration such as `1m2.5s`, an HTTP
 * date, or the seconds or milliseconds of an epoch.
 */
function waitOf(value: string | undefined, date: string | undefined): string | undefined {
  if (value === undefined || value.length > longestWait) return undefined;
  const nowMs = Date.parse((date ?? "").slice(0, longestWait));
  const plain = readDecimal(value);
  if (plain === null) {
    const duration = readDuration(value);
    if (duration?.length === value.length) return inRange(duration.seconds);
    return dateStart.test(value) ? inRange((Date.parse(value) - nowMs) / 1000) : undefined;
  }
  if (plain > 1e12) return inRange((plain - nowMs) / 1000);
  return inRange(plain > 1e9 ? plain - nowMs / 1000 : plain);
}

function inRange(secondsToWait: number): string | undefined {
  return secondsToWait > 0 ? String(Math.min(maxSeconds, Math.ceil(secondsToWait))) : undefined;
}
