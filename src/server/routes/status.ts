import type { Handler } from "hono";
import type { Admission } from "../admission.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";

/** `GET /`: that this is the proxy and that it runs. No path, address or key is in it: anybody may ask. */
export function statusRoute(deps: { version: string; admission: Admission }): Handler<AppEnvironment> {
  const startedAtMs = performance.now();
  return (c) =>
    c.json({
      name: "claude-proxy",
      version: deps.version,
      status: "ok",
      running_requests: deps.admission.running,
      uptime_seconds: Math.floor((performance.now() - startedAtMs) / 1000),
    });
}

/** `GET /health` and the probe that Claude Code sends at its start. */
export function liveRoute(): Handler<AppEnvironment> {
  return (c) => c.json({ status: "ok" });
}

/** Claude Code 2.0 sends its telemetry to the base URL and sends it again on a 404: taken, and thrown away. */
export function discardRoute(): Handler<AppEnvironment> {
  return (c) => c.body(null, 204);
}
