import type { FileConfig, Target } from "../config/file-config.ts";
import type { FetchedFacts } from "../knowledge/fetched-facts.ts";
import { createFactsLayer } from "../knowledge/lay-facts.ts";
import { createModelKnowledge } from "../knowledge/model-knowledge.ts";
import type { Profile } from "../profiles/profile.ts";
import { createFileCarrier } from "./carry-by-file.ts";
import { joinLink, type UpstreamLink } from "./create-link.ts";
import { createFactsStore } from "./facts-store.ts";
import { describeHealth, type TargetHealth } from "./failover/describe-health.ts";
import { createFailoverState, type FailoverState } from "./failover/failover-state.ts";
import { createModelOffer } from "./offer-models.ts";
import type { Relay } from "./relay.ts";
import type { SharedDependencies } from "./relay-dependencies.ts";

/** What the relay for the next configuration file goes on with. */
export interface FileState {
  readonly failover: FailoverState;
  readonly fetched: FetchedFacts;
  readonly links: readonly UpstreamLink[];
  /** How its targets and keys are. */
  readonly describeHealth: () => TargetHealth[];
}

export interface FileRelayParts {
  /** One for each upstream of the file. */
  links: readonly UpstreamLink[];
  shared: SharedDependencies;
  /** That of the relay before; null for the first one. */
  state: FileState | null;
  /** Whether upstreams may be asked for their models in the background. */
  asksForModels: boolean;
}

/** Creates the relay for a configuration file, and the state of its upstreams that the next one goes on with. */
export function createFileRelay(
  file: FileConfig,
  { links, shared, state: before, asksForModels }: FileRelayParts,
): { relay: Relay; state: FileState } {
  const { failover, fetched } = before ?? {
    failover: createFailoverState(() => performance.now()),
    fetched: createFactsStore(shared, asksForModels),
  };
  const settings = links.map((link) => link.settings);
  const state = { failover, fetched, links, describeHealth: () => describeHealth(failover, settings) };
  // Who has mended an upstream wants to see it asked.
  for (const link of links)
    if (before?.links.includes(link) === false) state.failover.health.forgetTargetsOf(link.settings.name);
  const knowledge = createModelKnowledge(file, state.fetched);
  const layFacts = createFactsLayer();
  const byName = new Map(
    links.map((link) => {
      const { name } = link.settings;
      const likeOf = (model: string) => file.models.get(`${name}/${model}`)?.like ?? model;
      const priceOf = (model: string) => knowledge.factsOf({ upstream: name, model }).price;
      const suit = (model: string, profile: Profile) =>
        layFacts(profile, knowledge.factsOf({ upstream: name, model }));
      return [name, joinLink(link, shared, { likeOf, suit, priceOf })];
    }),
  );
  const carrier = createFileCarrier({ shared, file, links: byName, failover: state.failover });
  const offerModels = createModelOffer(file, byName, { knowledge, fetched });
  const priceOf = (target: Target) => knowledge.factsOf(target).price;
  return { relay: { ...carrier, offerModels, priceOf }, state };
}
