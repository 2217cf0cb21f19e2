import type { Profile } from "../../../profiles/profile.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import { type CleanFunction, cleanFunctions } from "../../../translate/tools/clean-functions.ts";
import type { WebSearchWish } from "../../../translate/tools/server-tool-wish.ts";
import { type SettledTools, settleToolChoice } from "../../../translate/tools/settle-tool-choice.ts";
import type { ToolChoiceWish } from "../../../translate/tools/tool-choice-wish.ts";
import type { FunctionTool, ResponsesRequest, ResponsesToolChoice } from "../responses-request.ts";
import { convertWebSearch, readMostSearches } from "./convert-web-search.ts";

export interface MappedTools {
  fields: Pick<ResponsesRequest, "tools" | "tool_choice" | "parallel_tool_calls" | "max_tool_calls">;
  /** Those that are sent. */
  functions: readonly CleanFunction[];
  /** The sources of searches are asked for. */
  includesSources: boolean;
}

type Settled = SettledTools<"required", WebSearchWish>;

/** The tools and the settings for their use (rules 21, 21.1). */
export function mapTools(
  { tools: { choice, serverTools, ...tools }, calledNames }: Pick<Asked, "tools" | "calledNames">,
  thinkingIsOn: boolean,
  { traits, responses }: Profile,
  notes: RequestNotes,
): MappedTools {
  const { strict, parallelCalls, webSearch: form } = responses.tools;
  const searches = serverTools.filter((tool) => tool.type === "web_search");
  const cleaned = cleanFunctions(tools, traits.tools, strict, notes);
  const isSearchForced =
    searches.some(({ type }) => type === choice.name) &&
    !cleaned.some(({ requested }) => requested.name === choice.name);
  const settled = settleToolChoice<"required", WebSearchWish>(
    {
      choice: isSearchForced ? forceAny(choice) : choice,
      functions: cleaned,
      serverTools: searches,
      thinkingIsOn,
      hasCalls: calledNames.size > 0,
    },
    { ...responses.toolChoice, none: "none", parallelCalls },
    notes,
  );
  const { functions } = settled;
  const [search] = settled.serverTools;
  const mostSearches =
    search === undefined ? null : readMostSearches(search, functions.length === 0, form, notes);
  const sent = [
    ...functions.map(convertFunction),
    ...settled.serverTools.map((wish) => convertWebSearch(wish, form, notes)),
  ];
  const toolChoice = convertChoice(settled, isSearchForced);
  return {
    fields: {
      ...(sent.length > 0 && { tools: sent }),
      ...(toolChoice !== null && { tool_choice: toolChoice }),
      ...(settled.parallel !== null && { parallel_tool_calls: settled.parallel }),
      ...(mostSearches !== null && { max_tool_calls: mostSearches }),
    },
    functions,
    includesSources: search !== undefined && form === "openai",
  };
}

/** `strict` is always sent, because on this wire it is true by default. */
function convertFunction({ name, description, parameters, isStrict: strict }: CleanFunction): FunctionTool {
  return { type: "function", name, ...(description !== undefined && { description }), parameters, strict };
}

function forceAny(choice: ToolChoiceWish): ToolChoiceWish {
  return { ...choice, type: "any", name: null };
}

function convertChoice({ choice, functions }: Settled, isSearchForced: boolean): ResponsesToolChoice | null {
  if (choice === null) return null;
  // A search that is the only tool is forced by the word for any.
  if (isSearchForced) return functions.length > 0 ? { type: "web_search" } : "required";
  return typeof choice === "string" ? choice : { type: "function", name: choice.name };
}
