import type { MiddlewareHandler } from "hono";
import type { Logger } from "../../logging/logger.ts";
import { createExchange, type Exchange } from "../../relay/exchange.ts";
import { reportThrown } from "../../relay/report-thrown.ts";
import { renderError } from "../render-error.ts";

/** What Hono passes along with a request. */
export interface AppEnvironment {
  Bindings: {
    /** Sets after how many seconds without a byte the connection of this request is closed; 0: never. */
    setIdleSeconds: (request: Request, seconds: number) => void;
  };
  Variables: {
    exchange: Exchange;
    /** Set by a route that ends its exchange by itself, because its answer goes on after the route has returned. */
    endsByItself?: true;
    /** Set when a body was read to the last byte. */
    isBodyWhole?: true;
  };
}

/** Gives every request its id and its one log record, and every answer its `request-id`. */
export function beginExchange(deps: {
  now: () => Date;
  newId: (prefix: string) => string;
  logger: Logger;
}): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    const { now, newId, logger } = deps;
    const exchange = createExchange(c.req.raw, { requestId: newId("req"), now, logger });
    c.set("exchange", exchange);
    try {
      await next();
    } catch (thrown) {
      // Hono hands on what is no Error, and what was thrown while an error was told.
      const error = reportThrown(thrown, { logger, requestId: exchange.requestId });
      exchange.noteError(error, exchange.fields.phase);
      c.res = renderError(error, exchange.requestId);
    }
    c.res.headers.set("request-id", exchange.requestId);
    if (c.get("endsByItself")) return;
    exchange.noteFirstByte();
    exchange.noteStatus(c.res.status);
    exchange.end();
  };
}
