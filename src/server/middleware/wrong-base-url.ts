import type { Context, Handler, MiddlewareHandler, NotFoundHandler } from "hono";
import type { Logger } from "../../logging/logger.ts";
import { answerUnknownPath } from "./error-response.ts";
import type { AppEnvironment } from "./request-context.ts";

/**
 * What a client's base URL may end in by mistake: other programs want `/v1`, some pages of manuals show the whole path,
 * and servers with several wires have one of these folders. The client appends `/v1/messages` to each.
 */
export const wrongBasePaths = ["/v1", "/v1/messages", "/api", "/anthropic"];

/** Of what stands in front of the path of a client; it may be anything, from anybody. */
const longestTold = 100;
const mostWarnings = 10;

type Warn = (wrongPath: string, c: Context<AppEnvironment>) => void;

/** Creates what says once, of each wrong base URL, what it should be. Its requests are served all the same. */
export function createBaseUrlWarner({ logger }: { logger: Pick<Logger, "warn"> }): Warn {
  const warned = new Set<string>();
  return (wrongPath, c) => {
    const told = wrongPath.length <= longestTold ? wrongPath : `${wrongPath.slice(0, longestTold - 1)}…`;
    if (warned.has(told) || warned.size >= mostWarnings) return;
    warned.add(told);
    const { origin } = new URL(c.req.url);
    logger.warn(`the client's base URL ends in ${told}: set ANTHROPIC_BASE_URL to ${origin}`, {
      path: c.req.path.slice(0, 2 * longestTold),
    });
  };
}

/** Creates the warning in front of a route below one of the known paths: those of lists, which behind any other are a 404. */
export function warnOfBaseUrl(wrongPath: string, warn: Warn): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    warn(wrongPath, c);
    await next();
  };
}

/**
 * Creates what answers a path that no route has: a message and a count are served whatever stands in front of them,
 * since the client would hide the words of a 404. All else is one. No route waits for this look.
 * @param posts the routes that are served, by their paths
 */
export function answerOtherPath(
  posts: ReadonlyMap<string, Handler<AppEnvironment>>,
  warn: Warn,
): NotFoundHandler<AppEnvironment> {
  return (c) => {
    const path = c.req.path.replace(/\/$/, "");
    for (const [end, handler] of posts) {
      if (c.req.method !== "POST" || !path.endsWith(end)) continue;
      warn(path.slice(0, -end.length), c);
      return handler(c, async () => {});
    }
    return answerUnknownPath(c);
  };
}
