import type { Config } from "../../config/config.ts";
import type { FileConfig, Target } from "../../config/file-config.ts";
import { onlyUpstream } from "../../config/list-upstreams.ts";

/** What leads to each model: by the name of the upstream, and the id that the upstream knows. */
export type ModelUses = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** Finds the routes and cases that lead to a model, or without a configuration file the settings that name it. */
export function findUses(config: Config): ModelUses {
  const { file, bigModelName, mediumModelName, smallModelName } = config;
  if (file !== null) return collectUses(listFileUses(file));
  return collectUses([
    [{ upstream: onlyUpstream, model: bigModelName }, "BIG_MODEL_NAME"],
    [{ upstream: onlyUpstream, model: mediumModelName }, "MEDIUM_MODEL_NAME"],
    [{ upstream: onlyUpstream, model: smallModelName }, "SMALL_MODEL_NAME"],
  ]);
}

type Use = readonly [Target, string];

function listFileUses({ upstreams, routes, cases }: FileConfig): Use[] {
  const rules = [
    ...cases.map(({ targets }, index) => ({ name: `case ${index + 1}`, targets })),
    ...routes.map(({ asked, targets }) => ({ name: asked, targets })),
  ];
  return rules.flatMap(({ name, targets }) =>
    targets
      // What the client asks for is known when it asks.
      .filter(({ model }) => model !== "*")
      .map(({ upstream, model }): Use => {
        return [{ upstream, model: upstreams.get(upstream)?.models.get(model) ?? model }, name];
      }),
  );
}

function collectUses(uses: readonly Use[]): ModelUses {
  const collected = new Map<string, Map<string, string[]>>();
  for (const [{ upstream, model }, name] of uses) {
    const ofUpstream = collected.get(upstream) ?? new Map<string, string[]>();
    const names = ofUpstream.get(model) ?? [];
    collected.set(upstream, ofUpstream.set(model, names.includes(name) ? names : [...names, name]));
  }
  return collected;
}
