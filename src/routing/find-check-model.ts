import { readClientHints } from "../anthropic/client-hints.ts";
import { type FileConfig, type FileTier, fileTiers } from "../config/file-config.ts";
import { readRequestFacts } from "./request-facts.ts";
import { createTargetSelector } from "./select-targets.ts";

/** From the smallest model to the largest: the check need not be made by a large one. */
const smallestFirst: readonly FileTier[] = ["haiku", "sonnet", "opus", "fable"];
const noHints = readClientHints(new Headers());
/** Needs no quotes in any shell. */
const plainId = /^[\w.:/-]+$/;

/**
 * The model by which Claude Code's auto mode can have actions checked: the smallest tier that leads anywhere, else an id or
 * a target of the routes. `haiku` if nothing does.
 */
export function findCheckModel(file: Pick<FileConfig, "upstreams" | "routes" | "cases">): string {
  const selectTargets = createTargetSelector(file);
  const leadsAnywhere = (model: string) => {
    const facts = readRequestFacts({ model, messages: [] }, noHints, null);
    return selectTargets({ ...facts, kind: "classifier" }).targets !== null;
  };
  const tier = smallestFirst.find((name) => leadsAnywhere(`claude-${name}`));
  return tier ?? listIds(file).find((id) => plainId.test(id) && leadsAnywhere(id)) ?? "haiku";
}

function listIds({ routes }: Pick<FileConfig, "routes">): string[] {
  const asked = routes.map((route) => route.asked).filter((id) => !fileTiers.some((tier) => tier === id));
  const targets = routes.flatMap((route) => route.targets);
  return [...asked, ...targets.map(({ upstream, model }) => `${upstream}/${model}`)];
}
