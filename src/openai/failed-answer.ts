import { parseJson } from "../json/parse-json.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { readCappedBody } from "./read-capped-body.ts";
import { UpstreamError } from "./upstream-error.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

/** What error mapping reads of an answer's head. */
const readHeaders = /^(?:retry-after|retry-after-ms|x-ratelimit-(?:reset|remaining).*)$/;

export interface FailedAnswerOptions {
  limits: UpstreamLimits;
  /** `host[:port]` of the upstream. */
  host: string;
  /** Takes our key out of the body. */
  redact: (text: string) => string;
}

/** Reads an answer whose status is no success and returns it as the error to throw. Never throws itself. */
export async function failedAnswer(
  { response, body, attempts }: FetchedAnswer,
  { limits, host, redact }: FailedAnswerOptions,
): Promise<UpstreamError> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    body.cancel();
    const text = `refused redirect to ${redirectHost(headers.get("location"), response.url)}`;
    return new UpstreamError("http", text, { status, host, attempts });
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

function redirectHost(location: string | null, base: string): string {
  return location !== null && URL.canParse(location, base)
    ? new URL(location, base).host
    : "an unknown place";
}
