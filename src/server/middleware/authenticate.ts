import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestCheck } from "./check-requests.ts";
import { refuseCaller } from "./refuse-caller.ts";

/**
 * Admits requests with the proxy's key, as `x-api-key` or as a bearer token, and everybody when there is no key. Digests
 * are compared in constant time, so timing reveals neither the key's length nor its beginning.
 */
export function authenticate(openPaths: ReadonlySet<string>): RequestCheck {
  return (c) => {
    const { proxyApiKey } = c.get("setup").config;
    if (proxyApiKey === null) return;
    const expected = digest(proxyApiKey);
    // guard: constant time comparison of the key; without it: (key) => key !== undefined && digest(key).equals(expected)
    const isKey = (key: string | undefined) => key !== undefined && timingSafeEqual(digest(key), expected);
    const bearer = /^Bearer +(.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const isKnown = isKey(c.req.header("x-api-key")) || isKey(bearer);
    // guard: client key
    if (!isKnown && !openPaths.has(c.req.path)) {
      throw refuseCaller(
        c.req.raw,
        "authentication_error",
        "claude-proxy: wrong or missing client key. Set ANTHROPIC_AUTH_TOKEN to the proxy's PROXY_API_KEY.",
      );
    }
  };
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
