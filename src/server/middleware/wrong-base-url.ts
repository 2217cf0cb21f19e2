import type { MiddlewareHandler } from "hono";
import type { Logger } from "../../logging/logger.ts";
import type { AppEnvironment } from "./request-context.ts";

/**
 * What a client's base URL may end in by mistake: other programs want `/v1`, some pages of manuals show the whole path,
 * and servers with several wires have one of these folders. The client appends `/v1/messages` to each.
 */
export const wrongBasePaths = ["/v1", "/v1/messages", "/api", "/anthropic"];

/** Creates what says once, of each wrong base URL, what it should be. Its requests are served all the same. */
export function warnOfBaseUrl(
  wrongPath: string,
  { logger }: { logger: Pick<Logger, "warn"> },
): MiddlewareHandler<AppEnvironment> {
  let hasWarned = false;
  return async (c, next) => {
    if (!hasWarned) {
      hasWarned = true;
      const { origin } = new URL(c.req.url);
      logger.warn(`the client's base URL ends in ${wrongPath}: set ANTHROPIC_BASE_URL to ${origin}`, {
        path: c.req.path,
      });
    }
    await next();
  };
}
