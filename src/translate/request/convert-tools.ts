import type { ChatTool } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { RequestedTool } from "./chat-request-plan.ts";
import { cleanSchema } from "./clean-schema.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";
import { isStrictSchema } from "./is-strict-schema.ts";
import type { RequestNotes } from "./request-notes.ts";
import type { FunctionTool } from "./select-tools.ts";
import type { ToolNames } from "./tool-names.ts";

/** A function with the tool that it was made of. */
export interface ConvertedTool {
  chatTool: ChatTool;
  requested: RequestedTool;
}

/**
 * The functions of a request (rule 1.3). `usedNames` are the tools that the conversation calls: they are kept
 * first where the upstream takes only so many, and stand in for missing definitions where it wants one for each.
 */
export function convertTools(
  functions: readonly FunctionTool[],
  usedNames: ReadonlySet<string>,
  toolNames: ToolNames,
  profile: Profile,
  notes: RequestNotes,
): ConvertedTool[] {
  const tools = functions.length === 0 && profile.needsToolsForHistory ? createStubs(usedNames) : functions;
  const kept = limitTools(tools, usedNames, profile.maxTools, notes);
  const sendsStrict =
    profile.strictTools === "when-valid" ||
    (profile.strictTools === "all-or-none" &&
      kept.every((tool) => tool.isStrict && isStrictSchema(tool.inputSchema)));
  return kept.map((tool) => {
    const parameters = cleanSchema(tool.inputSchema, profile.schemaCleaning);
    const isStrict = tool.isStrict && sendsStrict && isStrictSchema(parameters);
    if (tool.isStrict && !isStrict) notes.dropped.add("tools.strict");
    const name = toolNames(tool.name);
    return {
      chatTool: {
        type: "function",
        function: {
          name,
          ...(tool.description !== undefined && { description: tool.description }),
          parameters,
          ...(isStrict && { strict: true }),
        },
        ...(profile.cacheMarks === "keep" && convertCacheMark(tool.cacheControl, profile)),
      },
      requested: { name: tool.name, inputSchema: tool.inputSchema },
    };
  });
}

/** Some upstreams refuse a history with calls when the request has no tools. */
function createStubs(usedNames: ReadonlySet<string>): FunctionTool[] {
  return Array.from(usedNames, (name) => ({
    name,
    description: undefined,
    inputSchema: {},
    isStrict: false,
    cacheControl: undefined,
  }));
}

/** Keeps those the conversation uses, then those of no MCP server, then the rest; all in their own order. */
function limitTools(
  tools: readonly FunctionTool[],
  usedNames: ReadonlySet<string>,
  maxTools: number | null,
  notes: RequestNotes,
): readonly FunctionTool[] {
  if (maxTools === null || tools.length <= maxTools) return tools;
  const rank = ({ name }: FunctionTool) => (usedNames.has(name) ? 0 : name.startsWith("mcp__") ? 2 : 1);
  const kept = new Set(tools.toSorted((one, other) => rank(one) - rank(other)).slice(0, maxTools));
  for (const tool of tools) if (!kept.has(tool)) notes.dropped.add(`tool ${tool.name}`);
  return tools.filter((tool) => kept.has(tool));
}
