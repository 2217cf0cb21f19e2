import type { Context, Handler, MiddlewareHandler, NotFoundHandler } from "hono";
import type { Logger } from "../../logging/logger.ts";
import { answerUnknownPath } from "./error-response.ts";
import type { AppEnvironment } from "./request-context.ts";

/**
 * Endings that a client's base URL may have by mistake: other programs want `/v1`, some manuals show the whole path,
 * and servers with several APIs have one of these folders. The client appends `/v1/messages` to each.
 */
export const wrongBasePaths = ["/v1", "/v1/messages", "/api", "/anthropic"];

/** Most characters of the wrong prefix that a warning quotes; the prefix may be anything, from anybody. */
const longestTold = 100;
const mostWarnings = 10;

type Warn = (wrongPath: string, c: Context<AppEnvironment>) => void;

/**
 * Creates a function that warns once about each wrong base URL, and names the right one. Such requests are served all
 * the same.
 */
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

/**
 * Creates the middleware that warns on a route below one of the known wrong paths. It serves the paths of lists, which
 * are a 404 below any other prefix.
 */
export function warnOfBaseUrl(wrongPath: string, warn: Warn): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    warn(wrongPath, c);
    await next();
  };
}

/**
 * Creates the handler of paths that have no route. It serves messages and counts below any prefix, because the client
 * would hide the text of a 404. Everything else is a 404. Requests that have a route never reach it.
 * @param posts the routes to serve, by their paths
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
