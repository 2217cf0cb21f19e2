import type { ChatRequest } from "../protocols/chat/chat-request.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import { encodeInTurns } from "./encode-in-turns.ts";
import type { FetchTarget } from "./explain-fetch-error.ts";
import { failedAnswer } from "./failed-answer.ts";
import { fetchAnswer } from "./fetch-answer.ts";
import { createKeyRedactor } from "./key-redactor.ts";
import { type OpenedAnswer, openAnswer } from "./receive-answer.ts";
import type { SendBudget } from "./send-budget.ts";
import { defaultUpstreamLimits, type UpstreamLimits } from "./upstream-limits.ts";
import { withoutLoneSurrogates } from "./without-lone-surrogates.ts";

export interface UpstreamClientOptions {
  /** Without a trailing slash; may have a query, which is kept. */
  baseUrl: string;
  /** Empty: no key is sent. */
  apiKey: string;
  refererUrl: string;
  appName: string;
  version: string;
  limits?: Partial<UpstreamLimits>;
  /** The upstream is on this machine, where no HTTP proxy of the environment would find it. */
  isLocal?: boolean;
  /** Told the head of every answer, whatever its status. */
  onHead?: (headers: Headers) => void;
  /** The HTTP proxy of the environment that leads to the upstream; null or left out where none does. */
  httpProxy?: FetchTarget["httpProxy"];
}

export interface UpstreamCall {
  chatRequest: ChatRequest;
  /** Sends `HTTP-Referer` and `X-Title`. */
  sendsAttribution: boolean;
  /** What may still be sent for the client's request: one at least. */
  budget: SendBudget;
  /**
   * Whoever aborts it ends the call at once: the client is gone or the server drains. A time limit of the upstream
   * aborts it too, with the UpstreamError that is then thrown as its reason, so it serves for one answer.
   */
  controller: AbortController;
  /** Writes a large chat request piece by piece, each in a turn of its own; null: at once. */
  runStep?: StepRunner | null;
}

export interface AnswerInfo {
  status: number;
  /** The upstream's own id of this answer, for the log. */
  upstreamRequestId: string | null;
  /** How often the request was sent: 2 after a connection that failed before the answer. */
  attempts: number;
}

/** `completion` has `choices[].message`, a chunk of `source` has `choices[].delta`. */
export type UpstreamAnswer = OpenedAnswer & { info: AnswerInfo };

export interface UpstreamClient {
  /**
   * Sends one chat request. What comes back is what the upstream chose to send, not what was asked for (rule
   * 4.8). Throws UpstreamError. A status that is no success is never tried again here.
   */
  send(call: UpstreamCall): Promise<UpstreamAnswer>;
}

/** Creates the client of one upstream: the only place that calls it. */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  const url = new URL(options.baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/chat/completions`;
  const { href } = url;
  const redact = createKeyRedactor(options.apiKey);
  const limits = { ...defaultUpstreamLimits, ...options.limits };

  let isFirst = true;

  return {
    async send(call) {
      const { chatRequest, runStep = null } = call;
      const fetched = await fetchAnswer({
        url,
        href,
        headers: buildHeaders(options, call),
        body:
          runStep === null
            ? withoutLoneSurrogates(JSON.stringify(chatRequest))
            : await encodeInTurns(chatRequest, runStep),
        limits,
        isLocal: options.isLocal ?? false,
        httpProxy: options.httpProxy ?? null,
        isFirst,
        budget: call.budget,
        controller: call.controller,
      });
      isFirst = false;
      const { response, attempts } = fetched;
      options.onHead?.(response.headers);
      const how = { limits, host: url.host, redact };
      if (!response.ok) throw await failedAnswer(fetched, how);
      const info = {
        status: response.status,
        upstreamRequestId: upstreamRequestId(response.headers),
        attempts,
      };
      return { ...(await openAnswer(fetched, how)), info };
    },
  };
}

function buildHeaders(options: UpstreamClientOptions, call: UpstreamCall): Record<string, string> {
  const { apiKey, version, refererUrl, appName } = options;
  return {
    "content-type": "application/json",
    accept: call.chatRequest.stream === true ? "text/event-stream, application/json" : "application/json",
    "user-agent": `claude-proxy/${version}`,
    ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
    ...(call.sendsAttribution ? { "HTTP-Referer": refererUrl, "X-Title": appName } : {}),
  };
}

function upstreamRequestId(headers: Headers): string | null {
  return headers.get("x-request-id") ?? headers.get("x-generation-id") ?? headers.get("request-id");
}
