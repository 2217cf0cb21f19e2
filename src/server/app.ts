import { type Handler, Hono } from "hono";
import type { AppDependencies } from "./app-dependencies.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { limitBody } from "./middleware/body-limit.ts";
import { checkRequests } from "./middleware/check-requests.ts";
import { closeBehindRefusal } from "./middleware/close-behind-refusal.ts";
import { answerErrors, onlyMethods } from "./middleware/error-response.ts";
import { guard } from "./middleware/guard.ts";
import { type AppEnvironment, beginExchange } from "./middleware/request-context.ts";
import {
  answerOtherPath,
  createBaseUrlWarner,
  warnOfBaseUrl,
  wrongBasePaths,
} from "./middleware/wrong-base-url.ts";
import { countTokensRoute } from "./routes/count-tokens.ts";
import { messagesRoute } from "./routes/messages.ts";
import { listModelsRoute, modelRoute } from "./routes/models.ts";
import { discardRoute, liveRoute, liveStatusRoute, statusRoute } from "./routes/status.ts";

/** The whole of the server's routes. Every answer has a `request-id`; every failure has the Anthropic form. */
export function createApp(deps: AppDependencies): Hono<AppEnvironment> {
  const app = new Hono<AppEnvironment>({ strict: false });

  app.use(
    beginExchange(deps),
    closeBehindRefusal(deps),
    checkRequests([guard(deps), authenticate(deps.config.proxyApiKey), limitBody]),
  );

  const routes = listClientRoutes(deps);
  for (const [method, path, handler] of routes) app.on(method, path, handler);
  app.get("/", liveStatusRoute(deps));
  app.get("/status", statusRoute(deps));
  app.get("/health", liveRoute());
  app.get("/api/hello", liveRoute());
  app.post("/api/event_logging/batch", discardRoute());

  app.all("/v1/messages", onlyMethods("POST"));
  app.all("/v1/messages/count_tokens", onlyMethods("POST"));
  app.all("/v1/models", onlyMethods("GET, HEAD"));
  app.all("/v1/models/:id{.+}", onlyMethods("GET, HEAD"));
  app.all("/", onlyMethods("GET, HEAD"));
  app.all("/status", onlyMethods("GET, HEAD"));
  app.all("/health", onlyMethods("GET, HEAD"));
  app.all("/api/hello", onlyMethods("GET, HEAD"));
  app.all("/api/event_logging/batch", onlyMethods("POST"));
  const warn = createBaseUrlWarner(deps);
  const ofMethod = (wanted: string) =>
    routes.filter(([method]) => method === wanted).map(([, path, handler]) => [path, handler] as const);
  for (const wrongPath of wrongBasePaths) {
    for (const [path, handler] of ofMethod("GET")) {
      app.get(`${wrongPath}${path}`, warnOfBaseUrl(wrongPath, warn), handler);
    }
  }
  app.notFound(answerOtherPath(new Map(ofMethod("POST")), warn));
  app.onError(answerErrors(deps.logger));
  return app;
}

/** What a client asks the model API for, below its base URL. */
function listClientRoutes(deps: AppDependencies): [method: string, path: string, Handler<AppEnvironment>][] {
  return [
    ["POST", "/v1/messages", messagesRoute(deps)],
    ["POST", "/v1/messages/count_tokens", countTokensRoute(deps)],
    ["GET", "/v1/models", listModelsRoute(deps.config)],
    ["GET", "/v1/models/:id{.+}", modelRoute(deps.config)],
  ];
}
