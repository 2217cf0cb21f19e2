import type { AnswerBody } from "./answer-body.ts";
import type { Redactor } from "./answer-decoder.ts";
import { classifyAnswer, isShortJson } from "./answer-kind.ts";
import { createFetcher, type FetcherOptions, rememberAddresses } from "./create-fetcher.ts";
import { failedAnswer } from "./failed-answer.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { passedFailure } from "./passed-failure.ts";
import type { SendBudget } from "./send-budget.ts";
import type { SendWatch } from "./send-watch.ts";
import { strangeAnswer } from "./strange-answer.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

export interface PassingClientOptions extends FetcherOptions {
  /** With the version of the API at the end of its path; may have a query, which is kept. */
  baseUrl: string;
}

export interface PassingCall {
  /** Where it is posted, below the version of the API: `/messages`. */
  path: string;
  /** With its question mark, or `""`; added to the query of the base URL. */
  query: string;
  /** All headers of the request, by their names in lower case. */
  headers: Record<string, string>;
  /** The request as it goes out. */
  body: Uint8Array;
  /** Seconds for which the upstream may be silent if no limit was set; null: no more than any other. */
  silenceSeconds: number | null;
  /** The sends that are left for the client's request: at least one. */
  budget: SendBudget;
  /** Is told of each send; null if nobody wants to know. */
  watch: SendWatch | null;
  /** As in a call of `UpstreamClient`: serves one answer only. */
  controller: AbortController;
  /** Takes credentials out of the texts of errors. */
  redact: Redactor;
}

/** A successful answer, of which at most the first pieces were read. */
export interface PassedResponse {
  kind: "events" | "whole";
  headers: Headers;
  /** What was read of the body to find out its kind. */
  firstPieces: readonly Uint8Array[];
  body: AnswerBody;
  /** Bytes: a longer answer that is no stream is a failure. */
  wholeBodyBytes: number;
  /** How long the rest behind the end of a stream may take. */
  drainMs: number;
  /** `host[:port]` of the upstream. */
  host: string;
}

export interface PassingClient {
  /**
   * Sends one request as it is. Throws UpstreamError, and for an error status PassedFailure, which has the answer as it
   * came. An error status is never retried here.
   */
  send(call: PassingCall): Promise<PassedResponse>;
}

/** Creates a client of one upstream for requests and answers that are passed on as they are. */
export function createPassingClient(options: PassingClientOptions): PassingClient {
  const addressOf = rememberAddresses((path) => buildAddress(options.baseUrl, path));
  const post = createFetcher(options);
  return {
    async send(call) {
      const { path, query, headers, budget, watch, controller, silenceSeconds } = call;
      const address = addressOf(path + query);
      const body = onPlainBuffer(call.body);
      const how = { budget, watch, controller, silenceSeconds };
      const { fetched, limits } = await post({ address, headers, body, ...how });
      const { response } = fetched;
      const read = { limits, host: address.url.host, redact: call.redact };
      if (response.ok) return await openResponse(fetched, read);
      const isRedirect = response.status >= 300 && response.status < 400;
      throw isRedirect ? await failedAnswer(fetched, { ...read, path }) : await passedFailure(fetched, read);
    },
  };
}

/** The address of a path with its query below a base URL. */
export function buildAddress(baseUrl: string, pathWithQuery: string): URL {
  const url = new URL(baseUrl);
  const [path = "", query = ""] = pathWithQuery.split("?");
  url.pathname = url.pathname.replace(/\/$/, "") + path;
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  return url;
}

const openingBrace = 0x7b;

async function openResponse(
  { response, body }: FetchedAnswer,
  { limits, host, redact }: { limits: UpstreamLimits; host: string; redact: Redactor },
): Promise<PassedResponse> {
  const { headers } = response;
  const contentType = headers.get("content-type") ?? "";
  const { wholeBodyBytes, drainMs } = limits;
  const known = { headers, body, wholeBodyBytes, drainMs, host };
  const firstPieces: Uint8Array[] = isShortJson(headers, limits) ? [await body.readBytes()] : [];
  if (firstPieces[0]?.[0] === openingBrace) return { kind: "whole", firstPieces, ...known };
  const utf8 = new TextDecoder();
  let start = firstPieces.map((piece) => utf8.decode(piece)).join("");
  let kind = classifyAnswer(contentType, start, firstPieces.length > 0);
  while (kind === "undecided") {
    const piece = await body.read();
    if (piece !== null) firstPieces.push(piece);
    start += utf8.decode(piece ?? new Uint8Array(), { stream: piece !== null });
    kind = classifyAnswer(contentType, start, piece === null);
  }
  if (kind !== "other") return { kind, firstPieces, ...known };
  throw await strangeAnswer({ response, body }, { limits, host, redact }, firstPieces, "message");
}

/** The same bytes, as `fetch` takes them: memory that is shared between threads would have to be copied. */
function onPlainBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(bytes);
}
