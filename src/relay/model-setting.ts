import type { Config } from "../config/config.ts";
import type { Route } from "../routing/route.ts";
import type { Rule } from "../routing/selection.ts";

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

/** What chose a target because the client named it: no line and no setting. */
export const clientsChoice = "upstream/model";

/** The line of the configuration file that names the models of a request; null if the client named its model. */
export function settingOfRule(rule: Rule): string | null {
  if (rule.type === "upstream") return null;
  return rule.type === "case" ? `${nameRule(rule)}.to` : nameRule(rule);
}

/** The rule by its place in the configuration file: `cases[0]`, `routes.opus`. */
export function nameRule(rule: Rule): string {
  switch (rule.type) {
    case "upstream":
      return clientsChoice;
    case "case":
      return `cases[${rule.number - 1}]`;
    default:
      return `routes.${rule.asked}`;
  }
}
