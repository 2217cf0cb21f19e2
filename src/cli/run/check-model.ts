import { compileIdPattern } from "../../config/file/id-pattern.ts";
import { fileTiers } from "../../config/file-config.ts";
import { findNearest } from "../../config/find-nearest.ts";
import { listedPrefix } from "../../routing/request-facts.ts";
import type { FileDetails } from "../ask-proxy.ts";
import { CommandError } from "../command-error.ts";
import type { FoundProxy } from "./find-proxy.ts";

/** The client's own words for models, each of which stands for one of its tiers. */
const aliases = ["default", "best", "fable", "opus", "sonnet", "haiku", "opusplan"] as const;
const longContext = /\[1m\]$/i;

/**
 * Checks that the proxy sends requests for the model anywhere, by what it says of itself: no model is asked.
 * @throws CommandError with near names if it does not
 */
export function checkModel(asked: string, { models, details }: Pick<FoundProxy, "models" | "details">): void {
  const id = asked.replace(longContext, "").replace(listedPrefix, "");
  if (models.some((model) => model.id === id) || aliases.some((alias) => alias === id)) return;
  // Without a file every id leads somewhere; that of another model is only meant with a slash.
  const leads = "upstreams" in details ? leadsByFile(id, details) : /\/|^claude-/i.test(id);
  if (leads) return;
  throw new CommandError(
    describeUnknown(
      id,
      models.map((model) => model.id),
    ),
    2,
  );
}

function leadsByFile(id: string, { upstreams, routes, cases }: FileDetails): boolean {
  const tier = fileTiers.find((word) => id.toLowerCase().includes(word));
  const patterns = [
    ...routes.map(({ asked }) => asked),
    ...cases.flatMap(({ when }) => (typeof when["model"] === "string" ? [when["model"]] : [])),
  ];
  return (
    upstreams.some(({ name }) => id.startsWith(`${name}/`)) ||
    patterns.some((asked) => asked === "default" || asked === tier || compileIdPattern(asked).fits(id))
  );
}

const mostNames = 8;

function describeUnknown(id: string, ids: readonly string[]): string {
  const nearest = findNearest(id, [...ids, ...aliases]) ?? findPart(id, ids);
  if (nearest !== null) return `The proxy has no model "${id}". Did you mean ${nearest}?`;
  const shown = ids.slice(0, mostNames).join(", ");
  const more = ids.length > mostNames ? ` and ${ids.length - mostNames} more` : "";
  return `The proxy has no model "${id}". It has: ${shown}${more}`;
}

/** People leave out the upstream's name, or what follows the model's. */
function findPart(id: string, ids: readonly string[]): string | null {
  const part = id.toLowerCase();
  return part.length < 3 ? null : (ids.find((known) => known.toLowerCase().includes(part)) ?? null);
}
