import type { Logger } from "../logging/logger.ts";
import type { Route } from "../routing/route.ts";

/** A client could name models without end. */
const mostWarnings = 100;

/** Creates what warns, once per id, of a requested model that names no known tier (rule 1.1 `model`). */
export function createModelWarner(logger: Logger): (requestedModel: string, route: Route) => void {
  const warned = new Set<string>();
  return (requestedModel, route) => {
    if (route.isKnownModel || warned.size >= mostWarnings || warned.has(requestedModel)) return;
    warned.add(requestedModel);
    logger.warn("unknown model; using BIG_MODEL_NAME", { requested: requestedModel, model: route.model });
  };
}
