import { readDecimal } from "../../json/whole-number.ts";
import type { ErrorFacts } from "./error-facts.ts";
import { tellsWait } from "./retry-after.ts";

/** A failure that may be temporary, with the facts for its message. */
export interface PassingFault {
  /** The status that represents the failure, 402 to 599. */
  status: number;
  /** The upstream's own status. */
  sentStatus: number;
  facts: Pick<ErrorFacts, "text" | "provider">;
  /** `host[:port]` of the upstream. */
  host: string;
  /** The model id requested from the upstream. */
  model: string;
  /** Whole seconds after which a retry makes sense; undefined if unknown. */
  waitSeconds?: string | undefined;
}

/**
 * The message: the failed side, the model unless the upstream's own words name it, those words, and the time to wait
 * unless they contain it, too. The client shows it below a status of its own, so that the status is not repeated.
 */
export function sayPassing(fault: PassingFault): string {
  const { facts, waitSeconds } = fault;
  const words = wordsOf(fault);
  const said = `${sayWho(fault, words)}: ${words}`;
  const seconds = readDecimal(waitSeconds);
  if (seconds === null || tellsWait(facts.text)) return said;
  return `${said.replace(/\.$/, "")}. Try again in ${sayDuration(seconds)}`;
}

function sayWho({ status, host, model }: PassingFault, words: string): string {
  const what = (preposition: string) => (words.includes(model) ? "" : ` ${preposition} ${model}`);
  switch (status) {
    case 402:
      return `${host} refused this for lack of credit`;
    case 408:
    case 504:
      return `${host} took too long${what("with")}`;
    case 409:
      return `${host} refused this`;
    case 429:
      return `${host} limits requests${what("for")}`;
    case 503:
    case 529:
      return words.includes(model) ? `${host} cannot serve this now` : `${host} cannot serve ${model} now`;
    default:
      return `${host} failed${what("with")}`;
  }
}

/** The upstream's own text, prefixed with the provider's name if OpenRouter gives it. */
function wordsOf({ facts: { text, provider }, status, sentStatus }: PassingFault): string {
  const repeats = [status, sentStatus].some((code) => text.startsWith(String(code)));
  const words = repeats ? withoutStatus(text) : text;
  if (words === "") return `it answered ${sentStatus}`;
  return provider === null ? words : `${provider}: ${words}`;
}

/** The title of servers' own error pages is `502 Bad Gateway`. */
function withoutStatus(text: string): string {
  return text.replace(/^\d{3}(?!\d)[\s:.-]*/, "");
}

/** Rounded up. A day may mean any longer time: the mapping caps the times from upstreams. */
function sayDuration(seconds: number): string {
  if (seconds >= 86_400) return "a day or more";
  if (seconds > 7200) return `${Math.ceil(seconds / 3600)} hours`;
  if (seconds > 120) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

/** Groq answers 413 if prompt and max_tokens together exceed the limit for a minute. */
export function isTokenRateLimit({ text, names }: ErrorFacts): boolean {
  return names.includes("rate_limit_exceeded") || /tokens per min/i.test(text);
}

/** Whether the limit is one of a day, so that waiting for minutes does not help. */
export function isDailyLimit({ text }: ErrorFacts): boolean {
  return /per[- ]day|daily/i.test(text);
}
