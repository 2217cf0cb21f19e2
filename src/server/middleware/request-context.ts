import type { MiddlewareHandler } from "hono";
import type { ClientSettings } from "../../config/file-config.ts";
import type { Logger } from "../../logging/logger.ts";
import { createExchange, type Exchange } from "../../relay/exchange.ts";
import { reportThrown } from "../../relay/report-thrown.ts";
import type { Observing } from "../observing.ts";
import { renderError } from "../render-error.ts";
import type { Setup } from "../setup.ts";

/** Values that Hono passes along with a request. */
export interface AppEnvironment {
  Bindings: {
    /** Sets the number of seconds without a byte after which the connection of this request is closed; 0: never. */
    setIdleSeconds: (request: Request, seconds: number) => void;
  };
  Variables: {
    exchange: Exchange;
    /** Set when the request has the key of a client. */
    client?: ClientSettings;
    /** What was in force when the request came. */
    setup: Setup;
    /** Set by a route that ends its exchange itself, because its answer continues after the route has returned. */
    endsByItself?: true;
    /** Set when a body was read to its last byte. */
    isBodyWhole?: true;
  };
}

/** Gives every request its id and its one log record, and every answer its `request-id`. */
export function beginExchange(deps: {
  now: () => Date;
  newId: (prefix: string) => string;
  logger: Logger;
  setup: () => Setup;
  observing: Pick<Observing, "observers" | "keepBodies">;
}): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    const { now, newId, logger } = deps;
    const { observers, keepBodies } = deps.observing;
    const bodies = keepBodies(c.req.raw);
    const exchange = createExchange(c.req.raw, { requestId: newId("req"), now, logger, observers, bodies });
    c.set("exchange", exchange);
    c.set("setup", deps.setup());
    try {
      await next();
    } catch (thrown) {
      // Hono passes on thrown values that are no Error, and errors thrown while another error was rendered.
      const error = reportThrown(thrown, { logger, requestId: exchange.requestId });
      exchange.noteError(error, exchange.fields.phase);
      c.res = renderError(error, exchange.requestId);
    }
    // An answer that was passed on has the id by which its upstream knows it.
    if (!c.res.headers.has("request-id")) c.res.headers.set("request-id", exchange.requestId);
    if (c.get("endsByItself")) return;
    exchange.noteFirstByte();
    exchange.noteStatus(c.res.status);
    exchange.end();
  };
}
