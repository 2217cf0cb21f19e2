import type { RequestedTool } from "../../tools/requested-tool.ts";
import type { RequestedTools } from "../../tools/requested-tools.ts";

/** Prefixes that models put before a tool's name. */
const namePrefixes = ["functions.", "default_api:", "tool_"];

/** Where marks of the model's own notation begin that got behind a name: `Bash<|channel|>commentary`, `Bash[ARGS]`. */
const markBehindName = /[<[\s]/;

/**
 * The tool a call means: by its exact name, without regard to case, without a prefix, or without the marks behind it;
 * null when unknown.
 */
export function findRequestedTool(tools: RequestedTools, name: string): RequestedTool | null {
  const exact = tools.get(name);
  if (exact !== undefined) return exact;
  const found = tools.findFirst([name, withoutPrefix(name)]);
  if (found !== null) return found;
  const mark = name.search(markBehindName);
  return mark > 0 ? findRequestedTool(tools, name.slice(0, mark)) : null;
}

/**
 * A name with a further piece of it; null when the piece does not belong to it, as the whole would not be the
 * beginning of a tool's name. Servers that repeat the whole name mean nothing by it.
 */
export function joinNames(tools: RequestedTools, name: string, piece: string): string | null {
  if (name === "") return piece;
  if (name === piece && findRequestedTool(tools, name) !== null) return name;
  const whole = name + piece;
  return tools.has(withoutPrefix(whole)) || mayGoOn(tools, whole) ? whole : null;
}

/** Whether a name, a prefix aside, is the beginning of a longer one of the request. */
export function mayGoOn(tools: RequestedTools, name: string): boolean {
  if (tools.size === 0) return false;
  return tools.beginsLonger(withoutPrefix(name)) || namePrefixes.some((prefix) => prefix.startsWith(name));
}

function withoutPrefix(name: string): string {
  return name.slice(namePrefixes.find((prefix) => name.startsWith(prefix))?.length);
}
