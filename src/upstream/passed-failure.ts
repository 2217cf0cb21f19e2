import { parseJson } from "../json/parse-json.ts";
import type { Redactor } from "./answer-decoder.ts";
import { readWaitHeaders } from "./failed-answer.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { readCappedBytes } from "./read-capped-body.ts";
import { UpstreamError, type UpstreamErrorOptions } from "./upstream-error.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

/** The upstream's own answer, for a client that gets it as it came. */
export interface RawAnswer {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
}

/** A failure whose answer goes to the client as it came, if no other upstream is asked. */
export class PassedFailure extends UpstreamError {
  readonly raw: RawAnswer;

  constructor(message: string, options: UpstreamErrorOptions, raw: RawAnswer) {
    super("http", message, options);
    this.raw = raw;
  }
}

/** Reads an answer with an error status and returns it as the error to throw. Never throws itself. */
export async function passedFailure(
  { response, body, attempts }: FetchedAnswer,
  { limits, host, redact }: { limits: UpstreamLimits; host: string; redact: Redactor },
): Promise<PassedFailure> {
  const { status, headers } = response;
  const cap = { maxBytes: limits.errorBodyBytes, maxMs: limits.errorBodyMs };
  const { bytes: read } = await readCappedBytes(body, cap);
  const text = new TextDecoder().decode(read);
  const redacted = redact(text);
  const bytes = redacted === text ? read : new TextEncoder().encode(redacted);
  return new PassedFailure(
    `${host} answered ${status}`,
    { status, host, attempts, body: parseJson(redacted) ?? redacted, headers: readWaitHeaders(headers) },
    { body: bytes, headers },
  );
}
