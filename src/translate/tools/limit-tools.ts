import type { ToolTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { FunctionTool } from "./select-tools.ts";

/** The tools that the request needs, by the client's names. */
export interface ToolUsage {
  /** Called in the conversation. */
  calledNames: ReadonlySet<string>;
  /** Required by the client's tool choice, or null. */
  forcedName: string | null;
}

/**
 * Limits the functions to the number that the upstream accepts, those in use first (rule 1.3). If the upstream requires
 * a definition of every tool that the conversation calls and the request has none, adds stubs.
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

/** Some upstreams refuse a history with calls if the request has no tools. */
function createStubs(calledNames: ReadonlySet<string>): FunctionTool[] {
  return Array.from(calledNames, (name) => ({
    name,
    description: undefined,
    inputSchema: {},
    isStrict: false,
    cacheControl: undefined,
  }));
}

/** Keeps those in use, then those that belong to no MCP server, then the rest; each group in its own order. */
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
