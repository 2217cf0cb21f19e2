import type { FileConfig, RouteRule } from "../config/file-config.ts";

/** Characters; a longer list is cut, and says so. */
const longestList = 300;
const longestId = 80;

/**
 * The message for an id that nothing matches: what there is instead. Its length is limited whatever the file says and the
 * client asks for.
 * @param ids, patterns, tiers: the lines of `routes` of these types
 */
export function describeChoices(
  model: string,
  { ids, patterns, tiers }: Readonly<Record<"ids" | "patterns" | "tiers", readonly RouteRule[]>>,
  upstreams: FileConfig["upstreams"],
): string {
  const choices = [
    list("the ids", ids.map(nameOf)),
    list("ids like", patterns.map(nameOf)),
    list("ids with the word", tiers.map(nameOf)),
    list(
      "any model of an upstream, as",
      Array.from(upstreams.keys(), (name) => `${name}/MODEL`),
    ),
  ].filter((choice) => choice !== null);
  return `No route leads to the model "${clip(model)}". There are: ${choices.join("; ")}.`;
}

function nameOf({ asked }: RouteRule): string {
  return clip(asked);
}

function clip(id: string): string {
  return id.length > longestId ? `${id.slice(0, longestId)}…` : id;
}

function list(label: string, names: readonly string[]): string | null {
  const shown: string[] = [];
  let length = 0;
  for (const name of names) {
    length += name.length + 2;
    if (length > longestList) return `${label} ${shown.join(", ")} and ${names.length - shown.length} more`;
    shown.push(name);
  }
  return shown.length === 0 ? null : `${label} ${shown.join(", ")}`;
}
