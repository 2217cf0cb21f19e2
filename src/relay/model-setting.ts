import type { Config } from "../config/config.ts";
import type { Route } from "../routing/route.ts";

/** The setting that names the model of the route; null where the client has named it, by an id of the upstream's. */
export function settingOfModel(
  { tier, model }: Pick<Route, "tier" | "model">,
  {
    bigModelName,
    mediumModelName,
    smallModelName,
  }: Pick<Config, "bigModelName" | "mediumModelName" | "smallModelName">,
): string | null {
  if (tier === "small") return model === smallModelName ? "SMALL_MODEL_NAME" : null;
  // Which is the default of the other.
  if (model === bigModelName) return "BIG_MODEL_NAME";
  return tier === "medium" && model === mediumModelName ? "MEDIUM_MODEL_NAME" : null;
}
