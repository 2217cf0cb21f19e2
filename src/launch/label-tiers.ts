import type { Environment } from "../config/locate-folders.ts";
import { describeFacts } from "./format-facts.ts";
import type { LaunchModel, LaunchTier, LaunchVariable } from "./launch-subject.ts";
import { tierIds } from "./tier-ids.ts";

const withoutMillion = "CLAUDE_CODE_DISABLE_1M_CONTEXT";

/**
 * Labels the client's own rows of `/model` with the models to which its tiers lead: it would show Claude's names and
 * prices. The ids stay those by which it asks anyway, and what it does besides the conversation then goes to the small
 * one. A tier for which the user has a model of his own stays as it is.
 * @param ownTiers are asked for by our ids
 */
export function labelTiers(
  models: readonly LaunchModel[],
  ownTiers: ReadonlySet<LaunchTier>,
  env: Environment,
): LaunchVariable[] {
  const taken = new Set(Object.keys(env));
  const labels = models.flatMap((model) => {
    if (model.tier === null) return [];
    const name = `ANTHROPIC_DEFAULT_${model.tier.toUpperCase()}_MODEL`;
    if (taken.has(name)) return [];
    return [
      { name, value: ownTiers.has(model.tier) ? model.id : tierIds[model.tier], isSecret: false },
      { name: `${name}_NAME`, value: model.name, isSecret: false },
      { name: `${name}_DESCRIPTION`, value: describeFacts(model), isSecret: false },
    ];
  });
  // It begins with this one, and would say of any id that its window is a million.
  const begins = ownTiers.has("opus") ? [{ name: withoutMillion, value: "1", isSecret: false }] : [];
  return [...labels, ...begins];
}
