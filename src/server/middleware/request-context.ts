import type { MiddlewareHandler } from "hono";
import type { ClientSettings } from "../../config/file-config.ts";
import type { Logger } from "../../logging/logger.ts";
import type { RequestRecord } from "../../logging/request-record.ts";
import { createExchange, type Exchange, type ExchangeDependencies } from "../../relay/exchange.ts";
import { reportThrown } from "../../relay/report-thrown.ts";
import type { Admission } from "../admission.ts";
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

/** Who hears of each request, and keeps its bodies. */
export type Watching = Pick<Observing, "observers" | "keepBodies">;

/**
 * Who hears of a request. An open page of the dashboard asks every second, also when its session is over or its filter is
 * half written: that would push all else out of the log and out of what is observed. So of its questions only those are
 * logged that the guards refuse, as another page may have asked them.
 */
function watchersOf(
  path: string,
  { logger, observers, keepBodies }: Watching & { logger: Logger },
  request: Request,
): Pick<ExchangeDependencies, "logger" | "observers" | "bodies"> {
  if (path !== "/dashboard" && !path.startsWith("/dashboard/")) {
    return { logger, observers, bodies: keepBodies(request, path) };
  }
  const logRefused = (record: RequestRecord) => {
    const isQuestion = record.method === "GET" || record.method === "HEAD";
    if (isQuestion ? record.status === 403 : record.status >= 400) logger.request(record);
  };
  return { logger: { request: logRefused, error: logger.error } };
}

/** Gives every request its id and its one log record, and every answer its `request-id`. */
export function beginExchange(
  deps: {
    now: () => Date;
    newId: (prefix: string) => string;
    logger: Logger;
    setup: () => Setup;
    admission: Pick<Admission, "isReady">;
  },
  { observers, keepBodies }: Watching,
): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    const { now, newId, logger, admission } = deps;
    const exchange = createExchange(c.req.raw, {
      requestId: newId("req"),
      now,
      ...watchersOf(c.req.path, { logger, observers, keepBodies }, c.req.raw),
    });
    c.set("exchange", exchange);
    c.set("setup", deps.setup());
    try {
      await next();
    } catch (thrown) {
      // Hono passes on thrown values that are no Error, and errors thrown while another error was rendered.
      const error = reportThrown(thrown, { logger, requestId: exchange.requestId });
      exchange.noteError(error, exchange.fields.phase);
      c.res = renderError(error, exchange.requestId, exchange.trace);
    }
    // An answer that was passed on has the id by which its upstream knows it.
    if (!c.res.headers.has("request-id")) c.res.headers.set("request-id", exchange.requestId);
    // Whoever keeps connections for later would send the next request into one that is about to close.
    if (!admission.isReady) c.res.headers.set("connection", "close");
    if (c.get("endsByItself")) return;
    exchange.noteFirstByte();
    exchange.noteStatus(c.res.status);
    exchange.end();
  };
}
