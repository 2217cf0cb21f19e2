import type { FileConfig, Target } from "../config/file-config.ts";
import { type Asked, type CompiledRule, compileRules, findNamedTarget, sortRoutes } from "./compile-rules.ts";
import { describeChoices } from "./describe-choices.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { RuleLook, Selection } from "./selection.ts";

/** Takes each rule that is looked at, in order. The last one has won, if it matches. */
export type RuleListener = (look: RuleLook) => void;

/**
 * Chooses the targets of a request. Reasons are put into words only for a listener, and nothing of the request is kept.
 */
export type TargetSelector = (facts: RequestFacts, listen?: RuleListener) => Selection;

/**
 * Creates the selector of a configuration file. Cases come first, in their order; then the exact id; patterns, the one
 * with the most characters besides its stars first; an id that is `upstream/model`; tiers; `default`.
 */
export function createTargetSelector(
  file: Pick<FileConfig, "upstreams" | "routes" | "cases">,
): TargetSelector {
  const { upstreams } = file;
  const routes = sortRoutes(file.routes);
  const rules = compileRules(file.cases, routes);
  return (facts, listen) => {
    const named = findNamedTarget(facts.model, upstreams);
    const asked: Asked = { facts, named, tier: named === null ? facts.tier : null };
    for (const compiled of rules) {
      const complaint = compiled.check(asked);
      listen?.(describeLook(compiled, asked, complaint));
      if (complaint === null) {
        return { rule: compiled.rule, targets: resolve(compiled.targets(asked), asked, upstreams) };
      }
    }
    return { targets: null, message: describeChoices(facts.model, routes, upstreams) };
  };
}

function describeLook(
  { rule, reason }: CompiledRule,
  asked: Asked,
  complaint: (() => string) | null,
): RuleLook {
  return complaint === null
    ? { rule, isMatch: true, reason: reason(asked) }
    : { rule, isMatch: false, reason: complaint() };
}

/** The targets with the ids that their upstreams know, each once. */
function resolve(
  targets: readonly Target[],
  { facts, named }: Asked,
  upstreams: FileConfig["upstreams"],
): Target[] {
  const resolved = new Map<string, Target>();
  for (const from of targets) {
    const { upstream } = from;
    // The name of the upstream itself is no part of the id that it knows.
    const passed = named?.upstream === upstream ? named.model : facts.model;
    // A star that the client asked for is no star of the file.
    const name = from === named ? from.model : from.model.replaceAll("*", () => passed);
    const target = { upstream, model: upstreams.get(upstream)?.models.get(name) ?? name };
    const key = `${target.upstream}/${target.model}`;
    if (!resolved.has(key)) resolved.set(key, target);
  }
  return [...resolved.values()];
}
