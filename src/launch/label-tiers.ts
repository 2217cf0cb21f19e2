import type { Environment } from "../config/locate-folders.ts";
import { describeFacts } from "./format-facts.ts";
import type { LaunchModel, LaunchVariable } from "./launch-subject.ts";
import { tierIds } from "./tier-ids.ts";

/**
 * Labels the client's own rows of `/model` with the models to which its tiers lead: it would show Claude's names and
 * prices. The ids stay those by which it asks anyway, and what it does besides the conversation then goes to the small
 * one. A tier for which the user has a model of his own stays as it is.
 */
export function labelTiers(models: readonly LaunchModel[], env: Environment): LaunchVariable[] {
  const taken = new Set(Object.keys(env));
  return models.flatMap((model) => {
    if (model.tier === null) return [];
    const name = `ANTHROPIC_DEFAULT_${model.tier.toUpperCase()}_MODEL`;
    if (taken.has(name)) return [];
    return [
      { name, value: tierIds[model.tier], isSecret: false },
      { name: `${name}_NAME`, value: model.name, isSecret: false },
      { name: `${name}_DESCRIPTION`, value: describeFacts(model), isSecret: false },
    ];
  });
}
