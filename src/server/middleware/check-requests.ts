import type { Context, MiddlewareHandler } from "hono";
import type { AppEnvironment } from "./request-context.ts";

/** Checks the head of a request, and throws an ApiError if the request is refused. */
export type RequestCheck = (c: Context<AppEnvironment>) => void;

/** Combines the checks, in their order, into one middleware: one for each would cost every request another call. */
export function checkRequests(checks: readonly (RequestCheck | null)[]): MiddlewareHandler<AppEnvironment> {
  const applying = checks.filter((check) => check !== null);
  return (c, next) => {
    for (const check of applying) check(c);
    return next();
  };
}
