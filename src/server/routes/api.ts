import type { Handler } from "hono";
import type { AppDependencies } from "../app-dependencies.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import type { ApiHandlers } from "./api-handlers.ts";
import type { Route } from "./route.ts";

/** Loads the code behind Anthropic's API. The first request does it, if nobody has done it before. */
export function loadApiHandlers() {
  return import("./api-handlers.ts");
}

/** Anthropic's API, which answers only those who have a key. Its code is loaded once the server listens. */
export function listApiRoutes(deps: AppDependencies): Route[] {
  let handlers: ApiHandlers | null = null;
  const load = async () => {
    const { createApiHandlers } = await loadApiHandlers();
    handlers ??= createApiHandlers(deps);
    return handlers;
  };
  const answer =
    (name: keyof ApiHandlers): Handler<AppEnvironment> =>
    (c, next) =>
      handlers === null ? load().then((loaded) => loaded[name](c, next)) : handlers[name](c, next);
  const api = { isOpen: false, isBelowBaseUrl: true } as const;
  return [
    { path: "/v1/messages", method: "POST", ...api, handler: answer("messages") },
    { path: "/v1/messages/count_tokens", method: "POST", ...api, handler: answer("countTokens") },
    { path: "/v1/models", method: "GET", ...api, handler: answer("listModels") },
    { path: "/v1/models/:id{.+}", method: "GET", ...api, handler: answer("model") },
  ];
}
