import type { JsonObject } from "../json/json-value.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { AnswerDecoder } from "./answer-decoder.ts";
import { createFetcher, type FetcherOptions, rememberAddresses } from "./create-fetcher.ts";
import { encodeInTurns } from "./encode-in-turns.ts";
import { failedAnswer } from "./failed-answer.ts";
import { createKeyRedactor } from "./key-redactor.ts";
import { type ReceivedAnswer, receiveAnswer } from "./receive-answer.ts";
import type { SendBudget } from "./send-budget.ts";
import type { SendWatch } from "./send-watch.ts";
import { withoutLoneSurrogates } from "./without-lone-surrogates.ts";

export interface UpstreamClientOptions extends FetcherOptions {
  /** Without a trailing slash; may have a query, which is kept. */
  baseUrl: string;
  /** The keys that calls may be made with: no text from the upstream may repeat one. */
  keys: readonly string[];
  /** Added to each request, over ours; names in lower case. */
  headers?: Readonly<Record<string, string>>;
  /** Merged into the top level of each request's body; null removes a field. */
  body?: JsonObject;
  refererUrl: string;
  appName: string;
  version: string;
}

/** What differs from one upstream or model to another, whatever the wire. */
export interface CallTraits {
  /** Sends `HTTP-Referer` and `X-Title`. */
  readonly sendsAttribution: boolean;
  /** The header that carries the key: `Authorization: Bearer`, or `api-key`. */
  readonly keyHeader: "bearer" | "api-key";
  /** Seconds for which the upstream may be silent if no limit was set; null: no more than any other. */
  readonly silenceSeconds: number | null;
}

export interface UpstreamCall<Item> {
  /** Where it is posted, below the base URL, e.g. `/chat/completions`. */
  path: string;
  /** The request, to be written as JSON. */
  body: object;
  /** The request asks for a stream. */
  isStreamed: boolean;
  decoder: AnswerDecoder<Item>;
  /** The key that is sent; null for none. */
  key: string | null;
  traits: CallTraits;
  /** The sends that are left for the client's request: at least one. */
  budget: SendBudget;
  /** Is told of each send; null or left out if nobody wants to know. */
  watch?: SendWatch | null;
  /**
   * Ends the call at once when it is aborted: the client is gone or the server drains. A time limit of the upstream
   * also aborts it, with the UpstreamError to throw as its reason, so one controller serves one answer only.
   */
  controller: AbortController;
  /** Encodes a large request piece by piece, each in a turn of its own; null: encodes it at once. */
  runStep?: StepRunner | null;
}

export interface AnswerInfo {
  /** The upstream's own id of this answer, for the log. */
  upstreamRequestId: string | null;
  /** How often the request was sent: 2 after a connection that failed before the answer. */
  attempts: number;
}

export type UpstreamAnswer<Item> = ReceivedAnswer<Item> & { info: AnswerInfo };

export interface UpstreamClient {
  /**
   * Sends one request. Returns what the upstream chose to send, not what was asked for (rule 4.8). Throws
   * UpstreamError. An error status is never retried here.
   */
  send<Item>(call: UpstreamCall<Item>): Promise<UpstreamAnswer<Item>>;
}

/** Creates the client of one upstream: the only place that calls the upstream for answers. */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  const addressOf = rememberAddresses((path) => {
    const url = new URL(options.baseUrl);
    url.pathname = `${url.pathname.replace(/\/$/, "")}${path}`;
    return url;
  });
  const redact = createKeyRedactor(options.keys);
  const post = createFetcher(options);
  return {
    async send(call) {
      const { path, decoder, traits, runStep = null, budget, watch = null, controller } = call;
      const address = addressOf(path);
      const body = mergeBody(call.body, options.body);
      const { fetched, limits } = await post({
        address,
        headers: buildHeaders(options, call),
        body:
          runStep === null ? withoutLoneSurrogates(JSON.stringify(body)) : await encodeInTurns(body, runStep),
        silenceSeconds: traits.silenceSeconds,
        budget,
        watch,
        controller,
      });
      const { response, attempts } = fetched;
      const how = { limits, host: address.url.host, path, redact };
      if (!response.ok) throw await failedAnswer(fetched, how);
      const info = { upstreamRequestId: upstreamRequestId(response.headers), attempts };
      return { ...(await receiveAnswer(fetched, decoder, how)), info };
    },
  };
}

/** Lays `added` over the body; null removes a field. The very same body if there is nothing to add. */
function mergeBody(body: object, added: JsonObject = {}): object {
  const entries = Object.entries(added);
  if (entries.length === 0) return body;
  const merged = { ...body, ...added };
  return Object.fromEntries(Object.entries(merged).filter(([name]) => added[name] !== null));
}

function buildHeaders(
  options: UpstreamClientOptions,
  { isStreamed, key, traits: { sendsAttribution, keyHeader } }: UpstreamCall<unknown>,
): Record<string, string> {
  const { version, refererUrl, appName } = options;
  return {
    "content-type": "application/json",
    accept: isStreamed ? "text/event-stream, application/json" : "application/json",
    "user-agent": `claude-proxy/${version}`,
    ...keyHeaders(key, keyHeader),
    ...(sendsAttribution ? { "HTTP-Referer": refererUrl, "X-Title": appName } : {}),
    ...options.headers,
  };
}

function keyHeaders(key: string | null, keyHeader: CallTraits["keyHeader"]): Record<string, string> {
  if (key === null) return {};
  return keyHeader === "api-key" ? { "api-key": key } : { authorization: `Bearer ${key}` };
}

function upstreamRequestId(headers: Headers): string | null {
  return headers.get("x-request-id") ?? headers.get("x-generation-id") ?? headers.get("request-id");
}
