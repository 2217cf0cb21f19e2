import type { UpstreamError } from "../../openai/upstream-error.ts";
import type { ErrorFacts } from "./error-facts.ts";

const part = /([\d.]+) ?(milliseconds?|ms|[hms])[a-z]*,? ?/gi;
const duration = new RegExp(`^(?:${part.source})+$`, "i");
const waitInText = new RegExp(`(?:try again|retry) (?:in|after) ((?:${part.source})+)`, "i");

/** A day: what is longer tells no more. */
const maxSeconds = 86_400;

/** The upstream's `retry-after` in whole seconds, from 1; undefined when it sent none that makes sense. */
export function readRetryAfter({ headers }: UpstreamError): string | undefined {
  const ms = Number(headers["retry-after-ms"] ?? Number.NaN);
  return inRange(ms / 1000) ?? waitOf(headers["retry-after"], headers["date"]);
}

/**
 * How long a rate limit lasts, as `readRetryAfter` gives it: what the upstream says outright, else its reset
 * headers, OpenRouter's copy of them in the body, or its text ("try again in 7.2s").
 */
export function deriveRetryAfter(error: UpstreamError, facts: ErrorFacts): string | undefined {
  return (
    readRetryAfter(error) ??
    longestReset(error.headers) ??
    resetInBody(facts, error.headers["date"]) ??
    inRange(seconds(waitInText.exec(facts.text)?.[1]))
  );
}

/** Of all limits the one that ends last; one that the upstream says is not used up does not count. */
function longestReset(headers: Readonly<Record<string, string>>): string | undefined {
  const waits = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-ratelimit-reset"))
    .filter(([name]) => Number(headers[name.replace("reset", "remaining")] ?? 0) === 0)
    .map(([, value]) => Number(waitOf(value, headers["date"]) ?? 0));
  return inRange(Math.max(0, ...waits));
}

function resetInBody({ metadata }: ErrorFacts, date: string | undefined): string | undefined {
  const headers = metadata["headers"];
  if (typeof headers !== "object" || headers === null || !("X-RateLimit-Reset" in headers)) return undefined;
  return waitOf(String(headers["X-RateLimit-Reset"]), date);
}

/**
 * Seconds from `date`, the answer's own time, to what a header says: seconds, a duration such as `1m2.5s`, an
 * HTTP date, or the seconds or milliseconds of an epoch.
 */
function waitOf(value: string | undefined, date: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const plain = value.trim() === "" ? Number.NaN : Number(value);
  const nowMs = Date.parse(date ?? "");
  if (plain > 1e12) return inRange((plain - nowMs) / 1000);
  if (plain > 1e9) return inRange(plain - nowMs / 1000);
  if (!Number.isNaN(plain)) return inRange(plain);
  return inRange(duration.test(value) ? seconds(value) : (Date.parse(value) - nowMs) / 1000);
}

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** `2m59.56s`, `450ms`, `7.2s`, `30 seconds` in seconds. */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let sum = 0;
  for (const [, amount, unit = "s"] of text.matchAll(part)) {
    sum += Number(amount) * (unitSeconds[unit.toLowerCase()] ?? 0.001);
  }
  return sum;
}

function inRange(secondsToWait: number | undefined): string | undefined {
  if (secondsToWait === undefined || !(secondsToWait > 0)) return undefined;
  return String(Math.min(maxSeconds, Math.ceil(secondsToWait)));
}
