import type { FileConfig, ModelFacts, Target } from "../config/file-config.ts";
import { layOverFacts, noFacts } from "./facts.ts";
import type { FetchedFacts } from "./fetched-facts.ts";

/** What is known of the models of a configuration. */
export interface ModelKnowledge {
  /**
   * What is known of the target now: what the file says outweighs what its upstream says. The same object as long as
   * that stays the same. Never throws, and waits for nothing.
   * @param target with the id that the upstream knows
   */
  factsOf(target: Target): ModelFacts;
}

/** Creates the knowledge of a configuration file. */
export function createModelKnowledge(
  { upstreams, models }: Pick<FileConfig, "upstreams" | "models">,
  fetched: Pick<FetchedFacts, "of">,
): ModelKnowledge {
  const written = new Map<string, ModelFacts>();
  for (const [target, settings] of models) {
    const slash = target.indexOf("/");
    const [upstream, name] = [target.slice(0, slash), target.slice(slash + 1)];
    // The file may call a model by its short name.
    written.set(`${upstream}/${upstreams.get(upstream)?.models.get(name) ?? name}`, settings);
  }
  const laid = new WeakMap<ModelFacts, Map<ModelFacts, ModelFacts>>();

  return {
    factsOf({ upstream, model }) {
      const settings = upstreams.get(upstream);
      const under = settings === undefined ? noFacts : fetched.of(settings, model);
      const over = written.get(`${upstream}/${model}`);
      if (over === undefined) return under;
      const known = laid.get(under) ?? new Map<ModelFacts, ModelFacts>();
      const facts = known.get(over) ?? layOverFacts(under, over);
      laid.set(under, known.set(over, facts));
      return facts;
    },
  };
}
