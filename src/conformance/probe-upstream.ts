import { findHttpProxy } from "../config/find-http-proxy.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import { explainFetchError } from "../upstream/explain-fetch-error.ts";
import { trustBesides } from "../upstream/trusted-signers.ts";

/** What a connection to an upstream shows, without a key and without a model. */
export interface UpstreamProbe {
  /** Why there was no answer, with advice; null for one. */
  readonly fault: string | null;
  /** Milliseconds by which the clock here is ahead of the upstream's; null if it does not tell the time. */
  readonly aheadMs: number | null;
}

/** Connects to the upstream once. Its answer may be any. Never throws. */
export async function probeUpstream(settings: UpstreamSettings, limitMs: number): Promise<UpstreamProbe> {
  const url = new URL(settings.baseUrl);
  const { httpProxy, ca } = settings;
  // The query may have a key.
  url.search = "";
  const init: BunFetchRequestInit = {
    method: "GET",
    redirect: "manual",
    keepalive: false,
    signal: AbortSignal.timeout(limitMs),
  };
  if (httpProxy !== null) init.proxy = httpProxy;
  else if (isLoopbackHost(url.hostname)) init.proxy = false;
  if (ca !== null) init.tls = trustBesides(ca);
  try {
    const response = await fetch(`${url.href.replace(/\/$/, "")}/models`, init);
    await response.body?.cancel();
    const toldMs = Date.parse(response.headers.get("date") ?? "");
    return { fault: null, aheadMs: Number.isNaN(toldMs) ? null : Date.now() - toldMs };
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError")
      return { fault: `${url.host} did not answer within ${limitMs / 1000} s`, aheadMs: null };
    const own = httpProxy === null ? findHttpProxy(url) : null;
    return { fault: explainFetchError(error, { url, httpProxy: own }).text, aheadMs: null };
  }
}
