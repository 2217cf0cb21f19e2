import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { FileConfig, Target } from "../../config/file-config.ts";
import { createFetchedFacts, factsFileName } from "../../knowledge/fetched-facts.ts";
import { createFactsLayer } from "../../knowledge/lay-facts.ts";
import { createModelKnowledge } from "../../knowledge/model-knowledge.ts";
import type { ModelRoute } from "../../routing/route.ts";
import { createModelRouter } from "../../routing/route-model.ts";

/** The route to a target. */
export type TargetRouter = (target: Target) => ModelRoute;

/**
 * Creates the router of a configuration file, with all that is known of its models on this machine: what the file says,
 * and what upstreams have told a running proxy. None is asked.
 * @param warn takes a fault of the file in which a proxy keeps that
 */
export async function createTargetRouter(
  { stateFolder }: Config,
  file: FileConfig,
  targets: readonly Target[],
  warn: (message: string, cause: unknown) => void,
): Promise<TargetRouter> {
  const fetched = createFetchedFacts({
    filePath: join(stateFolder, factsFileName),
    warn,
    now: Date.now,
    mayAsk: false,
  });
  const knowledge = createModelKnowledge(file, fetched);
  // The file is read when the first model is asked about.
  for (const target of targets) knowledge.factsOf(target);
  await fetched.settled();
  const layFacts = createFactsLayer();
  return ({ upstream, model }) => {
    const settings = file.upstreams.get(upstream);
    if (settings === undefined) throw new Error(`there is no upstream ${upstream}`);
    const routeTo = createModelRouter(settings, {
      likeOf: (id) => file.models.get(`${upstream}/${id}`)?.like ?? id,
      suit: (id, profile) => layFacts(profile, knowledge.factsOf({ upstream, model: id })),
    });
    return routeTo(model);
  };
}
