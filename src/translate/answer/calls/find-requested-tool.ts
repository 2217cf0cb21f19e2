import type { RequestedTool } from "../../tools/requested-tool.ts";
import type { RequestedTools } from "../../tools/requested-tools.ts";

/** Prefixes that models put before a tool's name. */
const namePrefixes = ["functions.", "default_api:", "tool_"];

/** Marks of the model's own notation that may follow a name: `Bash<|channel|>commentary`, `Bash[ARGS]`. */
const markBehindName = /[<[\s]/;

/**
 * The tool that a call names: exactly, ignoring case, without a prefix, or without the marks after it; null if unknown.
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
 * Joins a name and a further piece of it. Null if the piece is no part of it, because the whole would not begin a
 * tool's name. Some servers repeat the whole name, which changes nothing.
 */
export function joinNames(tools: RequestedTools, name: string, piece: string): string | null {
  if (name === "") return piece;
  if (name === piece && findRequestedTool(tools, name) !== null) return name;
  const whole = name + piece;
  return tools.has(withoutPrefix(whole)) || mayGoOn(tools, whole) ? whole : null;
}

/** Whether a name, without a prefix, is the beginning of a longer one of the request. */
export function mayGoOn(tools: RequestedTools, name: string): boolean {
  if (tools.size === 0) return false;
  return tools.beginsLonger(withoutPrefix(name)) || namePrefixes.some((prefix) => prefix.startsWith(name));
}

function withoutPrefix(name: string): string {
  return name.slice(namePrefixes.find((prefix) => name.startsWith(prefix))?.length);
}
