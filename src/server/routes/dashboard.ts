import type { Handler } from "hono";
import type { Dashboard, DashboardDependencies } from "../dashboard/create-dashboard.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import type { Route } from "./route.ts";

/**
 * `/dashboard` and what lies below it. Who may see what is decided there, by key or by session; only a link needs a
 * key. Nothing of it is loaded before somebody asks.
 */
export function listDashboardRoutes(deps: DashboardDependencies): Route[] {
  let dashboard: Promise<Dashboard> | null = null;
  const load = () => {
    dashboard ??= import("../dashboard/create-dashboard.ts").then((module) => module.createDashboard(deps));
    return dashboard;
  };
  const answer =
    (name: keyof Dashboard): Handler<AppEnvironment> =>
    async (c) =>
      (await load())[name](c);
  const page = { method: "GET", isOpen: true, isBelowBaseUrl: false } as const;
  return [
    { path: "/dashboard", ...page, handler: answer("page") },
    { path: "/dashboard/", ...page, handler: answer("page") },
    { path: "/dashboard/page.js", ...page, handler: answer("script") },
    { path: "/dashboard/page.css", ...page, handler: answer("styles") },
    { path: "/dashboard/enter", ...page, handler: answer("enter") },
    { path: "/dashboard/link", ...page, method: "POST", isOpen: false, handler: answer("link") },
    { path: "/dashboard/api/now", ...page, handler: answer("now") },
    { path: "/dashboard/api/requests", ...page, handler: answer("requests") },
    { path: "/dashboard/api/requests/:id", ...page, handler: answer("exchange") },
    { path: "/dashboard/api/usage", ...page, handler: answer("usage") },
    { path: "/dashboard/api/sessions", ...page, handler: answer("sessions") },
    { path: "/dashboard/api/upstreams", ...page, handler: answer("upstreams") },
  ];
}
