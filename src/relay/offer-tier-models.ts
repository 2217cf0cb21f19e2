import type { FileTier } from "../config/file-config.ts";
import type { FetchedFacts } from "../knowledge/fetched-facts.ts";
import { selectByTier } from "../routing/select-route.ts";
import { listWhenKnown } from "./facts-store.ts";
import type { ModelOffer, OfferedModel } from "./offered-model.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";

/** What the client calls the tiers, and the words by which it asks for them. */
const tiers = [
  ["opus", "Opus"],
  ["sonnet", "Sonnet"],
  ["haiku", "Haiku"],
] as const satisfies readonly (readonly [FileTier, string])[];

type OnlyUpstream = Pick<RelayDependencies, "config" | "settings" | "memory" | "routeTo">;

/**
 * Creates the list of the only upstream's models: an id for each tier, and the models of the settings. The upstream is
 * asked for what it says of them when the list is: once a day.
 */
export function createTierOffer(
  { config, settings, memory, routeTo }: OnlyUpstream,
  fetched: FetchedFacts,
): ModelOffer {
  const selectRoute = selectByTier(config, routeTo);
  const { bigModelName, mediumModelName, smallModelName } = config;
  const own = [...new Set([bigModelName, mediumModelName, smallModelName])];

  /** Without a slash, an id may lead to another model than the one that is called so. */
  const describe = (id: string, tier: FileTier | null, title: string | null): OfferedModel => {
    const { model, profile } = selectRoute(id);
    const facts = fetched.of(settings, model);
    const { inputWindow, outputCeiling } = profile.traits.request;
    const window = memory.contextWindow(model) ?? facts.window ?? inputWindow;
    const maxOutput = facts.maxOutput ?? outputCeiling;
    const name = title === null ? id : `${title} (${facts.name ?? model})`;
    return { id, name, tier, facts: { ...facts, window, maxOutput } };
  };
  const list = () => [
    ...tiers.map(([tier, title]) => describe(`claude-${tier}`, tier, title)),
    ...own.map((id) => describe(id, null, null)),
  ];
  return () => listWhenKnown(fetched, list);
}
