import type { AnswerBody } from "./answer-body.ts";
import type { Redactor } from "./answer-decoder.ts";
import { classifyAnswer, isShortJson, mediaType } from "./answer-kind.ts";
import { failedAnswer } from "./failed-answer.ts";
import { type FetchedAnswer, fetchAnswer } from "./fetch-answer.ts";
import { passedFailure } from "./passed-failure.ts";
import { plainWords } from "./plain-words.ts";
import { readCappedBody } from "./read-capped-body.ts";
import type { SendBudget } from "./send-budget.ts";
import type { UpstreamClientOptions } from "./upstream-client.ts";
import { UpstreamError } from "./upstream-error.ts";
import { defaultUpstreamLimits, extendLimits, type UpstreamLimits } from "./upstream-limits.ts";

/** Of the options of an upstream's client, those that matter here. */
export type PassingClientOptions = Pick<
  UpstreamClientOptions,
  "baseUrl" | "limits" | "usualLimits" | "isLocal" | "httpProxy" | "way" | "onHead"
>;

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
  const addressOf = createAddresses(options.baseUrl);
  const ownLimits = { ...defaultUpstreamLimits, ...options.limits };
  let isFirst = true;
  return {
    async send(call) {
      const { url, href } = addressOf(call);
      const limits = extendLimits(ownLimits, options.usualLimits, call.silenceSeconds);
      const fetched = await fetchAnswer({
        url,
        href,
        headers: call.headers,
        body: onPlainBuffer(call.body),
        limits,
        isLocal: options.isLocal ?? false,
        httpProxy: options.httpProxy ?? null,
        way: options.way ?? {},
        isFirst,
        budget: call.budget,
        controller: call.controller,
      });
      isFirst = false;
      const { response } = fetched;
      options.onHead?.(response.headers);
      const how = { limits, host: url.host, redact: call.redact };
      if (response.ok) return await openResponse(fetched, how);
      const isRedirect = response.status >= 300 && response.status < 400;
      throw isRedirect
        ? await failedAnswer(fetched, { ...how, path: call.path })
        : await passedFailure(fetched, how);
    },
  };
}

/** Most addresses that are remembered: clients have two paths, and one query. */
const mostAddresses = 8;

/** Creates a function that returns the address of a call: each is parsed once. */
function createAddresses(baseUrl: string): (call: PassingCall) => { url: URL; href: string } {
  const known = new Map<string, { url: URL; href: string }>();
  return (call) => {
    const name = call.path + call.query;
    const before = known.get(name);
    if (before !== undefined) return before;
    const url = buildAddress(baseUrl, call);
    const address = { url, href: url.href };
    if (known.size < mostAddresses) known.set(name, address);
    return address;
  };
}

/**
 * The address of a path. Base URLs of Anthropic's API are written without the version, as Claude Code wants them, or
 * with it, as all others.
 */
export function buildAddress(baseUrl: string, { path, query }: Pick<PassingCall, "path" | "query">): URL {
  const url = new URL(baseUrl);
  const base = url.pathname.replace(/\/$/, "");
  url.pathname = `${base}${/\/v\d[^/]*$/.test(base) ? "" : "/v1"}${path}`;
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
  const cap = { maxBytes: limits.errorBodyBytes, maxMs: limits.errorBodyMs };
  const { text } = await readCappedBody(body, cap, firstPieces);
  const words = plainWords(redact(text), 100);
  const type = mediaType(contentType) || "no content type";
  const what = words === "" ? `${response.status} with an empty body` : `${type} (${words})`;
  throw new UpstreamError("malformed", `${host} answered ${what} and no message. Check the address`, {
    phase: "body",
    status: response.status,
    host,
    setUp: "doubtful",
  });
}

/** The same bytes, as `fetch` takes them: memory that is shared between threads would have to be copied. */
function onPlainBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(bytes);
}
