import { parseJson } from "../json/parse-json.ts";
import type { Redactor } from "./answer-decoder.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { readCappedBody } from "./read-capped-body.ts";
import { UpstreamError } from "./upstream-error.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

/** The headers of an answer that error mapping reads. */
const readHeaders = /^(?:retry-after|retry-after-ms|x-ratelimit-(?:reset|remaining).*)$/;

export interface AnswerOptions {
  limits: UpstreamLimits;
  /** `host[:port]` of the upstream. */
  host: string;
  /** The path after the base URL. */
  path: string;
  /** Takes our key out of the body. */
  redact: Redactor;
}

/** Reads an answer with an error status and returns it as the error to throw. Never throws itself. */
export async function failedAnswer(
  { response, body, attempts }: FetchedAnswer,
  { limits, host, path, redact }: AnswerOptions,
): Promise<UpstreamError> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    body.cancel();
    const text = `${host} ${redact(describeRedirect(headers.get("location"), response.url, path))}`;
    return new UpstreamError("http", text, { status, host, attempts, setUp: "doubtful" });
  }
  const cap = { maxBytes: limits.errorBodyBytes, maxMs: limits.errorBodyMs };
  const { text, isBroken } = await readCappedBody(body, cap);
  const redacted = redact(text);
  return new UpstreamError("http", `${host} answered ${status}`, {
    status,
    host,
    attempts,
    // The text of a broken body is dropped unless it is JSON: how much of it arrived is chance.
    body: parseJson(redacted) ?? (isBroken ? "" : redacted),
    headers: readWaitHeaders(headers),
  });
}

/**
 * The headers that error mapping reads, and the time of the answer, from which waits are counted: the time of the
 * upstream's clock if it sends one.
 */
export function readWaitHeaders(headers: Headers): Record<string, string> {
  const picked = { date: headers.get("date") ?? new Date().toUTCString() };
  return Object.assign(picked, Object.fromEntries([...headers].filter(([name]) => readHeaders.test(name))));
}

/**
 * Names the setting that would lead there if the same call was moved. Never includes a query, which may contain
 * anything.
 */
function describeRedirect(location: string | null, base: string, path: string): string {
  if (location === null || !URL.canParse(location, base))
    return "redirects to nowhere. Check the setting BASE_URL";
  const { protocol, host, pathname } = new URL(location, base);
  const refused = `redirects to ${host}, and no redirect is followed.`;
  if (!pathname.endsWith(path)) return `${refused} Check the setting BASE_URL`;
  return `${refused} If that is the right one, set BASE_URL to ${protocol}//${host}${pathname.slice(0, -path.length)}`;
}
