import { readClientHints } from "../anthropic/client-hints.ts";
import { type ClientSettings, type FileConfig, fileTiers, type Target } from "../config/file-config.ts";
import type { FetchedFacts } from "../knowledge/fetched-facts.ts";
import type { ModelKnowledge } from "../knowledge/model-knowledge.ts";
import { mayUse } from "../routing/may-use.ts";
import { listedPrefix, readRequestFacts } from "../routing/request-facts.ts";
import { createTargetSelector } from "../routing/select-targets.ts";
import { listWhenKnown } from "./facts-store.ts";
import type { ModelOffer, OfferedModel } from "./offered-model.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";

/** The ids that Claude Code takes out of a list of models. */
const listedByClient = /claude|anthropic/i;
/** A request of the main conversation. */
const noHints = readClientHints(new Headers());
/** More ids than anybody looks through. */
const mostOffered = 1_000;

type Links = ReadonlyMap<string, Pick<RelayDependencies, "memory" | "routeTo">>;

/**
 * Creates the list of a configuration file's models: the tiers, the ids of its routes, and its targets, by long and by
 * short names. Each target has a second id that Claude Code lists, unless its own is one.
 */
export function createModelOffer(
  file: FileConfig,
  links: Links,
  { knowledge, fetched }: { knowledge: ModelKnowledge; fetched: FetchedFacts },
): ModelOffer {
  const selectTargets = createTargetSelector(file);
  const candidates = listCandidates(file);
  const list = (client: ClientSettings | null): OfferedModel[] => {
    const models = new Map<string, OfferedModel>();
    for (const { id, tier } of candidates) {
      if (models.size >= mostOffered) break;
      const { targets } = selectTargets(
        readRequestFacts({ model: id, messages: [] }, noHints, client?.name ?? null),
      );
      const target = targets?.find((one) => mayUse(client?.models ?? null, one, file.upstreams));
      if (target === undefined) continue;
      const offered = describeTarget(id, tier, target);
      models.set(id, offered);
      if (!listedByClient.test(id)) {
        models.set(`${listedPrefix}${id}`, { ...offered, id: `${listedPrefix}${id}` });
      }
    }
    return [...models.values()];
  };
  return (client) => listWhenKnown(fetched, () => list(client));

  function describeTarget(id: string, tier: OfferedModel["tier"], { upstream, model }: Target): OfferedModel {
    const facts = knowledge.factsOf({ upstream, model });
    const link = links.get(upstream);
    const traits = link?.routeTo(model).profile.traits.request;
    const window = link?.memory.contextWindow(model) ?? traits?.inputWindow ?? facts.window;
    const maxOutput = traits?.outputCeiling ?? facts.maxOutput;
    const name = nameTarget({ id, tier }, { upstream, model }, facts.name);
    return { id, name, tier, facts: { ...facts, window, maxOutput } };
  }
}

/** What people read. The upstream's name is part of it where nothing else tells models of several upstreams apart. */
function nameTarget(
  { id, tier }: Pick<OfferedModel, "id" | "tier">,
  { upstream, model }: Target,
  known: string | null,
): string {
  const name = known ?? `${upstream}/${model}`;
  if (tier !== null) return `${tier.charAt(0).toUpperCase()}${tier.slice(1)} (${name})`;
  return id.startsWith(`${upstream}/`) ? name : `${id} (${name})`;
}

/** What can be asked for by a name: each once, in the order in which it is listed. */
function listCandidates({ routes, cases, upstreams }: FileConfig): Pick<OfferedModel, "id" | "tier">[] {
  const tiers = fileTiers.map((tier) => ({ id: `claude-${tier}`, tier }));
  const asked = routes.map((route) => route.asked).filter((id) => !isRule(id));
  const targets = [...routes, ...cases].flatMap((rule) => rule.targets);
  const named = targets
    .filter(({ model }) => !model.includes("*"))
    .map(({ upstream, model }) => `${upstream}/${model}`);
  const short = [...upstreams].flatMap(([upstream, { models }]) =>
    Array.from(models.keys(), (name) => `${upstream}/${name}`),
  );
  const ids = new Set([...asked, ...named, ...short]);
  for (const { id } of tiers) ids.delete(id);
  return [...tiers, ...Array.from(ids, (id) => ({ id, tier: null }))];
}

/** Whether a line of `routes` is for many ids, and not for this one. */
function isRule(asked: string): boolean {
  return asked.includes("*") || asked === "default" || fileTiers.some((tier) => tier === asked);
}
