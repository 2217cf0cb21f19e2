import { HonoBase } from "hono/hono-base";
import type { AppDependencies } from "./app-dependencies.ts";
import { createRouter } from "./create-router.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { limitBody } from "./middleware/body-limit.ts";
import { checkRequests } from "./middleware/check-requests.ts";
import { closeBehindRefusal } from "./middleware/close-behind-refusal.ts";
import { answerErrors, onlyMethods } from "./middleware/error-response.ts";
import { guard } from "./middleware/guard.ts";
import { protectDashboard } from "./middleware/protect-dashboard.ts";
import { type AppEnvironment, beginExchange, type Watching } from "./middleware/request-context.ts";
import {
  answerOtherPath,
  createBaseUrlWarner,
  warnOfBaseUrl,
  wrongBasePaths,
} from "./middleware/wrong-base-url.ts";
import { listApiRoutes } from "./routes/api.ts";
import { listDashboardRoutes } from "./routes/dashboard.ts";
import { metricsRoute } from "./routes/metrics.ts";
import type { Route } from "./routes/route.ts";
import { discardRoute, liveRoute, liveStatusRoute, readyRoute, statusRoute } from "./routes/status.ts";

/** Values of the `allow` header. Hono answers HEAD wherever it answers GET. */
const allowedMethods = { GET: "GET, HEAD", POST: "POST" } as const;

/**
 * All routes of the server. Every answer has a `request-id`; every failure has the Anthropic form.
 * @param watching who hears of each request
 */
export function createApp(
  deps: AppDependencies,
  watching: Watching = deps.observing,
): HonoBase<AppEnvironment> {
  const app = new HonoBase<AppEnvironment>({ strict: false, router: createRouter() });
  const routes = listRoutes(deps);

  app.use("/dashboard/*", protectDashboard());
  app.use(
    beginExchange(deps, watching),
    closeBehindRefusal(deps),
    checkRequests([guard(deps), authenticate(deps, findOpenPaths(routes)), limitBody]),
  );
  for (const { method, path, handler } of routes) app.on(method, path, handler);
  for (const { method, path } of routes) app.all(path, onlyMethods(allowedMethods[method]));
  serveWrongBaseUrls(app, routes, deps);
  app.onError(answerErrors(deps.logger));
  return app;
}

/** Tells of a path whether anybody may ask there. */
function findOpenPaths(routes: readonly Route[]): (path: string) => boolean {
  const open = routes.filter(({ isOpen }) => isOpen).map(({ path }) => path);
  const paths = new Set(open);
  // What stands before the parameter of a path.
  const starts = open.filter((path) => path.includes(":")).map((path) => path.slice(0, path.indexOf(":")));
  return (path) => paths.has(path) || starts.some((start) => path.startsWith(start));
}

function listRoutes(deps: AppDependencies): Route[] {
  const probe = { isOpen: true, isBelowBaseUrl: false };
  return [
    ...listApiRoutes(deps),
    { path: "/", method: "GET", ...probe, handler: liveStatusRoute(deps) },
    { path: "/status", method: "GET", isOpen: false, isBelowBaseUrl: false, handler: statusRoute(deps) },
    { path: "/metrics", method: "GET", isOpen: false, isBelowBaseUrl: false, handler: metricsRoute(deps) },
    { path: "/health", method: "GET", ...probe, handler: liveRoute() },
    { path: "/ready", method: "GET", ...probe, handler: readyRoute(deps) },
    { path: "/api/hello", method: "GET", ...probe, handler: liveRoute() },
    { path: "/api/event_logging/batch", method: "POST", ...probe, handler: discardRoute() },
    ...listDashboardRoutes(deps),
  ];
}

/** Serves what clients request below a wrong base URL, with a warning; any other path is a 404. */
function serveWrongBaseUrls(
  app: HonoBase<AppEnvironment>,
  routes: readonly Route[],
  deps: AppDependencies,
): void {
  const warn = createBaseUrlWarner(deps);
  const ofMethod = (wanted: Route["method"]) =>
    routes.filter(({ method, isBelowBaseUrl }) => isBelowBaseUrl && method === wanted);
  for (const wrongPath of wrongBasePaths) {
    for (const { path, handler } of ofMethod("GET")) {
      app.get(`${wrongPath}${path}`, warnOfBaseUrl(wrongPath, warn), handler);
    }
  }
  const posts = ofMethod("POST").map(({ path, handler }) => [path, handler] as const);
  app.notFound(answerOtherPath(new Map(posts), warn));
}
