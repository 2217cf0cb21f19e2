import { parseJson } from "../json/parse-json.ts";
import type { Redactor } from "./answer-decoder.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { readCappedBody } from "./read-capped-body.ts";
import { UpstreamError } from "./upstream-error.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

/** What error mapping reads of an answer's head. */
const readHeaders = /^(?:retry-after|retry-after-ms|x-ratelimit-(?:reset|remaining).*)$/;

export interface AnswerOptions {
  limits: UpstreamLimits;
  /** `host[:port]` of the upstream. */
  host: string;
  /** What the base URL is followed by. */
  path: string;
  /** Takes our key out of the body. */
  redact: Redactor;
}

/** Reads an answer whose status is no success and returns it as the error to throw. Never throws itself. */
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
    // A part of a body that broke is told of as none: how much of it came is chance.
    body: parseJson(redacted) ?? (isBroken ? "" : redacted),
    headers: pickHeaders(headers),
  });
}

/** With the time of the answer, which waits are counted from: by the upstream's clock where it tells it. */
function pickHeaders(headers: Headers): Record<string, string> {
  const picked = { date: headers.get("date") ?? new Date().toUTCString() };
  return Object.assign(picked, Object.fromEntries([...headers].filter(([name]) => readHeaders.test(name))));
}

/** With the setting that would lead there, where the same call was moved; never with a query, which may hold anything. */
function describeRedirect(location: string | null, base: string, path: string): string {
  if (location === null || !URL.canParse(location, base))
    return "redirects to nowhere. Check the setting BASE_URL";
  const { protocol, host, pathname } = new URL(location, base);
  const refused = `redirects to ${host}, and no redirect is followed.`;
  if (!pathname.endsWith(path)) return `${refused} Check the setting BASE_URL`;
  return `${refused} If that is the right one, set BASE_URL to ${protocol}//${host}${pathname.slice(0, -path.length)}`;
}
