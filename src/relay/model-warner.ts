import type { Logger } from "../logging/logger.ts";
import type { Route } from "../routing/route.ts";

/** Clients could name endless numbers of models. */
const mostWarnings = 100;

/** Creates a function that warns once per model id that names no known tier (rule 1.1 `model`). */
export function createModelWarner(logger: Logger): (requestedModel: string, route: Route) => void {
  const warned = new Set<string>();
  return (requestedModel, route) => {
    if (route.isKnownModel || warned.size >= mostWarnings || warned.has(requestedModel)) return;
    warned.add(requestedModel);
    logger.warn("unknown model; using BIG_MODEL_NAME", { requested: requestedModel, model: route.model });
  };
}
