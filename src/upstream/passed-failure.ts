import { parseJson } from "../json/parse-json.ts";
import type { Redactor } from "./answer-decoder.ts";
import { readWaitHeaders } from "./failed-answer.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
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
  const pieces: Uint8Array[] = [];
  let restBytes = limits.errorBodyBytes;
  const timer = setTimeout(() => body.cancel(), limits.errorBodyMs);
  try {
    while (restBytes > 0) {
      const piece = await body.read();
      if (piece === null) break;
      pieces.push(piece.subarray(0, restBytes));
      restBytes -= piece.byteLength;
    }
  } catch {
    // What has arrived goes out: the status says the most, and is known.
  } finally {
    clearTimeout(timer);
    body.cancel();
  }
  const read = Buffer.concat(pieces);
  const text = new TextDecoder().decode(read);
  const redacted = redact(text);
  const bytes = redacted === text ? new Uint8Array(read) : new TextEncoder().encode(redacted);
  return new PassedFailure(
    `${host} answered ${status}`,
    { status, host, attempts, body: parseJson(redacted) ?? redacted, headers: readWaitHeaders(headers) },
    { body: bytes, headers },
  );
}
