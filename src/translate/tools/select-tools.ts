import { ApiError } from "../../anthropic/api-error.ts";
import type { ConversationRequest, RequestTool } from "../../anthropic/messages-request.ts";
import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";
import type { ToolTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import { findBuiltinTool } from "./builtin-tools.ts";
import { readWebSearch, type ServerToolWish, type WebSearchWish } from "./server-tool-wish.ts";
import type { ToolChange } from "./tool-change.ts";

/** A tool that the client runs, before it becomes a function. */
export interface FunctionTool {
  name: string;
  description: string | undefined;
  /** As the client sent it; `{}` for none. */
  inputSchema: JsonObject;
  isStrict: boolean;
  cacheControl: RequestTool["cache_control"];
}

/** The tools of a request by the side that runs them. */
export interface SelectedTools {
  functions: readonly FunctionTool[];
  /** The upstream runs these. */
  serverTools: readonly ServerToolWish[];
  /** How a model that always searches should do it, or null. */
  standingSearch: WebSearchWish | null;
}

/** Must never be called; Claude Code sends it so that its list of tools is not empty. */
const placeholderName = "DeferredToolPlaceholder";
const unsupportedTypes = /^(computer_|browser_toolset_|computer_toolset_)/;
/** Types of tools that run at the real API. */
const serverTypes = /^(web_search|web_fetch|code_execution|advisor|mcp_toolset|tool_search_tool)/;

/**
 * Sorts the tools (rule 1.3): deferred ones are sent in full, tools of the real API are dropped with a note. Throws
 * ApiError if no tool would remain, or for a tool whose partial support would mislead.
 */
export function selectTools(
  request: Pick<ConversationRequest, "tools">,
  changes: readonly ToolChange[],
  traits: Pick<ToolTraits, "webSearch">,
  notes: RequestNotes,
): SelectedTools {
  const functions: FunctionTool[] = [];
  const serverTools: ServerToolWish[] = [];
  let standingSearch: WebSearchWish | null = null;
  const missing: string[] = [];
  const names = new Set<string>();
  const tools = applyChanges(request.tools ?? [], changes);
  for (const tool of tools) {
    const type = tool.type ?? "custom";
    const { name } = tool;
    if (unsupportedTypes.test(type))
      reject(`tools.${tools.indexOf(tool)}: tool type ${type} is not supported by this proxy`);
    if (name === placeholderName || type.startsWith("tool_search_tool")) continue;
    if (name && names.has(name)) {
      notes.dropped.add(`duplicate tool ${name}`);
      continue;
    }
    if (serverTypes.test(type)) {
      const serverTool = readServerTool(tool, type, traits);
      if (type.startsWith("web_search") && traits.webSearch === "options")
        standingSearch = readWebSearch(tool);
      else if (serverTool === null) {
        missing.push(type.replace(/_\d+$/, ""));
        continue;
      } else serverTools.push(serverTool);
    } else if (!name) reject(`tools.${tools.indexOf(tool)}.name: Field required`);
    else functions.push(readFunctionTool(tool, name, type));
    if (name) names.add(name);
  }
  const [firstMissing] = missing;
  const isNothingLeft = functions.length + serverTools.length === 0 && standingSearch === null;
  if (firstMissing !== undefined && isNothingLeft) {
    reject(`server tool ${firstMissing} is not available on this upstream`);
  }
  for (const name of missing) notes.dropped.add(`server tool ${name}`);
  return { functions, serverTools, standingSearch };
}

/** Tools added during the conversation are at the end, removed ones are missing (rule 2.1). */
function applyChanges(tools: readonly RequestTool[], changes: readonly ToolChange[]): readonly RequestTool[] {
  if (changes.length === 0) return tools;
  const current = new Set(tools);
  const byName = Map.groupBy(tools, (tool) => tool.name);
  for (const change of changes) {
    const added = "add" in change ? readDefinition(change.add) : null;
    const name = "remove" in change ? change.remove : added?.name;
    for (const tool of byName.get(name) ?? []) current.delete(tool);
    byName.set(name, added === null ? [] : [added]);
    if (added !== null) current.add(added);
  }
  return [...current];
}

function readDefinition(definition: JsonObject): RequestTool {
  const { name, type, description, input_schema: inputSchema } = definition;
  return {
    name: nonEmptyString(name),
    type: nonEmptyString(type),
    description: nonEmptyString(description),
    input_schema: isJsonObject(inputSchema) ? inputSchema : undefined,
  };
}

function readFunctionTool(tool: RequestTool, name: string, type: string): FunctionTool {
  const builtin = tool.input_schema ? undefined : findBuiltinTool(type);
  return {
    name,
    description: nonEmptyString(tool.description) ?? builtin?.description,
    inputSchema: tool.input_schema ?? builtin?.inputSchema ?? {},
    isStrict: tool.strict === true,
    cacheControl: tool.cache_control,
  };
}

/** OpenRouter runs two of them, the Responses API one; null for a tool that the upstream cannot run. */
function readServerTool(
  tool: RequestTool,
  type: string,
  { webSearch }: Pick<ToolTraits, "webSearch">,
): ServerToolWish | null {
  if (webSearch === "openrouter" && type.startsWith("web_fetch")) return { type: "web_fetch" };
  const searches = webSearch === "openrouter" || webSearch === "hosted";
  return searches && type.startsWith("web_search") ? readWebSearch(tool) : null;
}

function reject(message: string): never {
  throw new ApiError("invalid_request_error", message);
}
