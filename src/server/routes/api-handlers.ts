import type { Handler } from "hono";
import type { AppDependencies } from "../app-dependencies.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import { countTokensRoute } from "./count-tokens.ts";
import { messagesRoute } from "./messages.ts";
import { listModelsRoute, modelRoute } from "./models.ts";

/** What answers at each path of Anthropic's API. */
export type ApiHandlers = Readonly<
  Record<"messages" | "countTokens" | "listModels" | "model", Handler<AppEnvironment>>
>;

/** Creates what answers below `/v1`. */
export function createApiHandlers(deps: AppDependencies): ApiHandlers {
  return {
    messages: messagesRoute(deps),
    countTokens: countTokensRoute(deps),
    listModels: listModelsRoute(),
    model: modelRoute(),
  };
}
