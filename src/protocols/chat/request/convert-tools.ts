import type { Profile } from "../../../profiles/profile.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import { cleanSchema } from "../../../translate/tools/clean-schema.ts";
import { isStrictSchema } from "../../../translate/tools/is-strict-schema.ts";
import type { RequestedTool } from "../../../translate/tools/requested-tool.ts";
import { createReferenceBudget } from "../../../translate/tools/schema-references.ts";
import type { FunctionTool } from "../../../translate/tools/select-tools.ts";
import type { ToolNames } from "../../../translate/tools/tool-names.ts";
import type { ChatTool } from "../chat-request.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";

/** Which tools the request cannot do without, by the client's names. */
export interface ToolUsage {
  /** Called in the conversation. */
  calledNames: ReadonlySet<string>;
  /** Asked for by the client's choice, or null. */
  forcedName: string | null;
}

/** A function with the tool that it was made of. */
export interface ConvertedTool {
  chatTool: ChatTool;
  requested: RequestedTool;
}

/**
 * The functions of a request (rule 1.3). Tools in use are kept first where the upstream takes only so many; those that the
 * conversation calls stand in for missing definitions where it wants one for each.
 */
export function convertTools(
  functions: readonly FunctionTool[],
  usage: ToolUsage,
  toolNames: ToolNames,
  profile: Profile,
  notes: RequestNotes,
): ConvertedTool[] {
  const tools =
    functions.length === 0 && profile.needsToolsForHistory ? createStubs(usage.calledNames) : functions;
  const kept = limitTools(tools, usage, profile.maxTools, notes);
  const sendsStrict =
    profile.strictTools === "when-valid" ||
    (profile.strictTools === "all-or-none" &&
      kept.every((tool) => tool.isStrict && isStrictSchema(tool.inputSchema)));
  const references = createReferenceBudget();
  return kept.map((tool) => {
    const parameters = cleanSchema(tool.inputSchema, profile.schemaCleaning, references);
    const isStrict = tool.isStrict && sendsStrict && isStrictSchema(parameters);
    if (tool.isStrict && !isStrict) notes.dropped.add("tools.strict");
    const name = toolNames(tool.name);
    const definition: ChatTool["function"] =
      tool.description === undefined
        ? { name, parameters }
        : { name, description: tool.description, parameters };
    if (isStrict) definition.strict = true;
    const chatTool: ChatTool = { type: "function", function: definition };
    if (profile.cacheMarks === "keep") Object.assign(chatTool, convertCacheMark(tool.cacheControl, profile));
    return { chatTool, requested: { name: tool.name, inputSchema: tool.inputSchema } };
  });
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
function limitTools(
  tools: readonly FunctionTool[],
  { calledNames, forcedName }: ToolUsage,
  maxTools: number | null,
  notes: RequestNotes,
): readonly FunctionTool[] {
  if (maxTools === null || tools.length <= maxTools) return tools;
  const rank = ({ name }: FunctionTool) =>
    calledNames.has(name) || name === forcedName ? 0 : name.startsWith("mcp__") ? 2 : 1;
  const kept = new Set(tools.toSorted((one, other) => rank(one) - rank(other)).slice(0, maxTools));
  for (const tool of tools) if (!kept.has(tool)) notes.dropped.add(`tool ${tool.name}`);
  return tools.filter((tool) => kept.has(tool));
}
