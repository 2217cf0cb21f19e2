import { parseJson } from "../json/parse-json.ts";
import { openAnswerBody } from "./answer-body.ts";
import { errorCode } from "./error-code.ts";
import type { FetchWay } from "./fetch-answer.ts";
import { readCappedBody } from "./read-capped-body.ts";

export interface SmallRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** What is posted as JSON; without it the request is a GET. */
  body?: object;
  /** Uses no HTTP proxy, whatever the environment says. */
  isLocal: boolean;
  way?: FetchWay;
  /** The limit for the head of the answer, and again for its body. */
  maxMs: number;
  /** A longer answer counts as none. */
  maxBytes: number;
  /** Ends the request when it is aborted; aborted here when it takes too long. */
  controller: AbortController;
  /** Is told why there is no answer. */
  onFault?: (fault: SmallFault) => void;
}

/** Why a server told nothing: with no key and no text of the server in it. */
export type SmallFault =
  | { readonly kind: "status"; readonly status: number }
  /** The code of the system, of fetch or of TLS. */
  | { readonly kind: "unreachable"; readonly code: string }
  | { readonly kind: "late" }
  | { readonly kind: "strange" };

/**
 * Asks a server for something small besides the requests of clients: its answer as JSON. Follows no redirect, which could
 * lead the headers to another host. Undefined for any failure, of which only `onFault` is told. Never throws.
 */
export async function fetchSmallJson(request: SmallRequest): Promise<unknown> {
  const {
    url,
    headers,
    body: sent,
    isLocal,
    way = {},
    maxMs,
    maxBytes,
    controller,
    onFault = () => {},
  } = request;
  const timer = setTimeout(() => controller.abort(), maxMs);
  try {
    const init: BunFetchRequestInit = {
      headers,
      redirect: "manual",
      signal: controller.signal,
      // On a reused connection, Bun would repeat the request by itself.
      keepalive: false,
    };
    if (sent !== undefined) {
      init.method = "POST";
      init.headers = { "content-type": "application/json", ...headers };
      init.body = JSON.stringify(sent);
    }
    if (way.proxyUrl !== undefined) init.proxy = way.proxyUrl;
    else if (isLocal) init.proxy = false;
    if (way.ca !== undefined) init.tls = (await import("./trusted-signers.ts")).trustBesides(way.ca);
    const response = await fetch(url.href, init);
    const body = openAnswerBody(response, { firstMs: maxMs, idleMs: maxMs, host: url.host, controller });
    const { text } = await readCappedBody(body, { maxBytes, maxMs });
    const answer = response.ok ? parseJson(text) : undefined;
    if (!response.ok) onFault({ kind: "status", status: response.status });
    else if (answer === undefined) onFault({ kind: "strange" });
    return answer;
  } catch (error) {
    // What was asked stays unknown. Whoever waits for it and has to say why is told here.
    onFault(controller.signal.aborted ? { kind: "late" } : { kind: "unreachable", code: errorCode(error) });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
