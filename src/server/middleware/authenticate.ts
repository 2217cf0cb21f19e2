import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { ApiError } from "../../anthropic/api-error.ts";
import type { AppEnvironment } from "./request-context.ts";

/** Paths that tell nothing and cost nothing; clients probe them without a key. */
const openPaths = new Set(["/", "/health", "/api/hello", "/api/event_logging/batch"]);

/**
 * Lets in who sends the proxy's key as `x-api-key` or as a bearer token; everybody when there is none.
 * Digests are compared, in constant time, so neither the key's length nor its beginning can be found by timing.
 */
export function authenticate(proxyApiKey: string | null): MiddlewareHandler<AppEnvironment> {
  if (proxyApiKey === null) return (_c, next) => next();
  const expected = digest(proxyApiKey);
  const isKey = (key: string | undefined) => key !== undefined && timingSafeEqual(digest(key), expected);

  return (c, next) => {
    const bearer = /^Bearer +(.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const isKnown = isKey(c.req.header("x-api-key")) || isKey(bearer);
    if (!isKnown && !openPaths.has(c.req.path)) {
      throw new ApiError(
        "authentication_error",
        "claude-proxy: wrong or missing client key. Set ANTHROPIC_AUTH_TOKEN to the proxy's PROXY_API_KEY.",
        { headers: { "x-should-retry": "false" } },
      );
    }
    return next();
  };
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
