import type { ToolTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { FunctionTool } from "./select-tools.ts";

/** Which tools the request cannot do without, by the client's names. */
export interface ToolUsage {
  /** Called in the conversation. */
  calledNames: ReadonlySet<string>;
  /** Asked for by the client's choice, or null. */
  forcedName: string | null;
}

/**
 * As many functions as the upstream takes, those in use first (rule 1.3). Where it wants a definition of every tool that
 * the conversation calls and the request has none, stubs stand in.
 */
export function limitTools(
  functions: readonly FunctionTool[],
  usage: ToolUsage,
  { maxTools, needsToolsForHistory }: Pick<ToolTraits, "maxTools" | "needsToolsForHistory">,
  notes: RequestNotes,
): readonly FunctionTool[] {
  const tools = functions.length === 0 && needsToolsForHistory ? createStubs(usage.calledNames) : functions;
  return maxTools === null || tools.length <= maxTools ? tools : keepFirst(tools, usage, maxTools, notes);
}

/** Some upstreams refuse a history with calls when the request has no tools. */
function createStubs(calledNames: ReadonlySet<string>): FunctionTool[] {
  return Array.from(calledNames, (name) => ({
    name,
    description: undefined,
    inputSchema: {},
    isStrict: false,
    cacheControl: undefined,
  }));
}

/** Keeps those in use, then those of no MCP server, then the rest; all in their own order. */
function keepFirst(
  tools: readonly FunctionTool[],
  { calledNames, forcedName }: ToolUsage,
  maxTools: number,
  notes: RequestNotes,
): readonly FunctionTool[] {
  const rank = ({ name }: FunctionTool) =>
    calledNames.has(name) || name === forcedName ? 0 : name.startsWith("mcp__") ? 2 : 1;
  const kept = new Set(tools.toSorted((one, other) => rank(one) - rank(other)).slice(0, maxTools));
  for (const tool of tools) if (!kept.has(tool)) notes.dropped.add(`tool ${tool.name}`);
  return tools.filter((tool) => kept.has(tool));
}
