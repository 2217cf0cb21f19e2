import type { Context, ErrorHandler, Handler } from "hono";
import { ApiError } from "../../anthropic/api-error.ts";
import type { Logger } from "../../logging/logger.ts";
import { failoverHeaders } from "../../relay/exchange.ts";
import { reportThrown } from "../../relay/report-thrown.ts";
import { renderError } from "../render-error.ts";
import type { AppEnvironment } from "./request-context.ts";

/** Renders whatever a route or a guard threw; unexpected errors are logged with their stack. */
export function answerErrors(logger: Logger): ErrorHandler<AppEnvironment> {
  return (thrown, c) => {
    const exchange = c.get("exchange");
    const error = reportThrown(thrown, { logger, requestId: exchange.requestId });
    exchange.noteError(error, exchange.fields.phase);
    const response = renderError(error, exchange.requestId, exchange.trace);
    for (const [name, value] of Object.entries(failoverHeaders(exchange.fields)))
      response.headers.set(name, value);
    return response;
  };
}

/** Paths of the real API that we know of but do not serve, so that the message can say so. */
const missingParts = /^\/v1\/(messages\/batches|files|skills|complete|organizations)(\/|$)/;

/** 404, never 501: clients retry statuses of 500 and above. */
export function answerUnknownPath(c: Context<AppEnvironment>): never {
  const { path } = c.req;
  const what = missingParts.test(path) ? "is not implemented by this proxy" : "does not exist";
  throw new ApiError("not_found_error", `${path} ${what}`);
}

/** 405 for a known path. `allow` lists the methods it accepts. */
export function onlyMethods(allow: string): Handler<AppEnvironment> {
  return (c) => {
    const exchange = c.get("exchange");
    if (c.req.method === "OPTIONS") return c.body(null, 204, { allow });
    const error = new ApiError("invalid_request_error", `method: ${c.req.path} takes ${allow} only`, {
      status: 405,
    });
    exchange.noteError(error, null);
    const response = renderError(error, exchange.requestId, exchange.trace);
    response.headers.set("allow", allow);
    return response;
  };
}
