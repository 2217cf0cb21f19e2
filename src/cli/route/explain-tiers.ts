import type { Route } from "../../routing/route.ts";
import { createRouteSelector } from "../../routing/select-route.ts";
import type { ReportedRule } from "./route-report.ts";

/** The rules of the simple case: what the id has to have, and the reason why it has it not. */
const rules = [
  ["an id with a slash", "the id has none", "it is an upstream's own id"],
  ["haiku", "the id has not this word", "the id has this word: SMALL_MODEL_NAME"],
  ["sonnet", "the id has not this word", "the id has this word: MEDIUM_MODEL_NAME"],
  ["opus, fable, mythos", "the id has none of these words", "the id has one of these words: BIG_MODEL_NAME"],
  ["any other id", "", "nothing before it matches: BIG_MODEL_NAME"],
] as const;

/** Explains the route to one of the three models of the settings. */
export function explainTiers(
  config: Parameters<typeof createRouteSelector>[0],
  model: string,
): { rules: ReportedRule[]; route: Route } {
  const route = createRouteSelector(config)(model);
  const winner = findWinner(model, route);
  return {
    route,
    rules: rules.slice(0, winner + 1).map(([rule, complaint, reason], index) => ({
      rule,
      line: null,
      matches: index === winner,
      reason: index === winner ? reason : complaint,
    })),
  };
}

function findWinner(model: string, { tier, isKnownModel }: Route): number {
  if (model.includes("/")) return 0;
  if (!isKnownModel) return 4;
  return { small: 1, medium: 2, big: 3 }[tier];
}
