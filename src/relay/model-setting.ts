import type { Config } from "../config/config.ts";
import type { Route } from "../routing/route.ts";

/** The setting that names the model of the route; null if the client named it, by an id of the upstream. */
export function settingOfModel(
  { tier, model }: Pick<Route, "tier" | "model">,
  {
    bigModelName,
    mediumModelName,
    smallModelName,
  }: Pick<Config, "bigModelName" | "mediumModelName" | "smallModelName">,
): string | null {
  if (tier === "small") return model === smallModelName ? "SMALL_MODEL_NAME" : null;
  // BIG_MODEL_NAME is also the default of MEDIUM_MODEL_NAME.
  if (model === bigModelName) return "BIG_MODEL_NAME";
  return tier === "medium" && model === mediumModelName ? "MEDIUM_MODEL_NAME" : null;
}
