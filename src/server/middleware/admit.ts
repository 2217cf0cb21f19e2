import type { MiddlewareHandler } from "hono";
import type { Admission } from "../admission.ts";
import type { AppEnvironment } from "./request-context.ts";

/** Lets a request take one of the places of those that run, until its exchange ends. Before its body is read. */
export function admit({ admission }: { admission: Admission }): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    c.get("exchange").onEnd(admission.enter());
    await next();
  };
}
