import type { Handler } from "hono";
import { listSecrets } from "../../config/list-upstreams.ts";
import { createTextRedactor } from "../../logging/redact-text.ts";
import type { AppDependencies } from "../app-dependencies.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";

/** `GET /metrics`: what Prometheus asks for. What writes it is loaded when somebody asks. */
export function metricsRoute(
  deps: Pick<AppDependencies, "observing" | "admission" | "describeHealth" | "version">,
): Handler<AppEnvironment> {
  return async (c) => {
    const { observing, admission, describeHealth, version } = deps;
    const { expositionType, formatExposition } = await import("../../metrics/format-exposition.ts");
    const { listFamilies } = await import("../../metrics/list-families.ts");
    // Sessions have no end, and their ids would make a new series each.
    const budgets = (observing.budgets?.list(null) ?? []).filter(({ endsMs }) => endsMs !== null);
    const facts = {
      version,
      runningRequests: admission.running,
      health: describeHealth(),
      record: observing.recorder?.state ?? null,
      budgets,
      residentBytes: process.memoryUsage.rss(),
      startedSeconds: Math.round(performance.timeOrigin) / 1000,
    };
    const redact = createTextRedactor(listSecrets(c.get("setup").config));
    const text = formatExposition(listFamilies(observing.metrics, facts, redact));
    return c.body(text, 200, { "content-type": expositionType });
  };
}
