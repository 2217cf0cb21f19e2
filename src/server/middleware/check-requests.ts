import type { Context, MiddlewareHandler } from "hono";
import type { AppEnvironment } from "./request-context.ts";

/** Looks at the head of a request, and throws the ApiError of one that may not go on. */
export type RequestCheck = (c: Context<AppEnvironment>) => void;

/** Makes one middleware of the checks, in their order: each of its own would cost every request a call more. */
export function checkRequests(checks: readonly (RequestCheck | null)[]): MiddlewareHandler<AppEnvironment> {
  const applying = checks.filter((check) => check !== null);
  return (c, next) => {
    for (const check of applying) check(c);
    return next();
  };
}
