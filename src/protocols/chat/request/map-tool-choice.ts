import type { ChatDialect, ChatToolChoiceDialect, ChatToolDialect } from "../../../profiles/chat-dialect.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ToolChoiceWish } from "../../../translate/tools/tool-choice-wish.ts";
import type { ChatRequest, ServerTool } from "../chat-request.ts";
import type { ConvertedTool } from "./convert-tools.ts";

/** The tools of a chat request and the settings for their use. */
export interface ToolFields {
  functions: ConvertedTool[];
  serverTools: ServerTool[];
  fields: Pick<ChatRequest, "tool_choice" | "parallel_tool_calls">;
}

/** The inputs of the choice. */
export interface ToolChoiceSituation {
  choice: ToolChoiceWish;
  functions: ConvertedTool[];
  serverTools: ServerTool[];
  thinkingIsOn: boolean;
  /** The conversation contains calls. */
  hasCalls: boolean;
}

/** `tool_choice` and `parallel_tool_calls`, and the tools that remain under the choice (rule 1.3). */
export function mapToolChoice(
  situation: ToolChoiceSituation,
  { tools, toolChoice: dialect }: Pick<ChatDialect, "tools" | "toolChoice">,
  notes: RequestNotes,
): ToolFields {
  const { choice, functions, serverTools } = situation;
  if (functions.length + serverTools.length === 0) return { functions, serverTools, fields: {} };
  const parallel = mapParallel(choice, tools);
  if (choice.type !== "auto" && dialect.isIgnored) {
    notes.mended.add("tool_choice has no effect on this upstream");
  }
  const unchanged = { functions, serverTools, fields: parallel };
  switch (choice.type) {
    case "none":
      if (dialect.none === "none") {
        return { ...unchanged, fields: { tool_choice: "none", ...parallel } };
      }
      return situation.hasCalls ? unchanged : { functions: [], serverTools: [], fields: {} };
    case "any":
      return { ...unchanged, fields: { ...mapAny(situation, dialect, notes), ...parallel } };
    case "tool":
      return mapNamed(situation, dialect, notes, parallel);
    default:
      return unchanged;
  }
}

function mapAny(
  situation: ToolChoiceSituation,
  dialect: ChatToolChoiceDialect,
  notes: RequestNotes,
): ToolFields["fields"] {
  const word = dialect.any;
  if (word !== "omit" && !yieldsToThinking(situation, dialect)) return { tool_choice: word };
  notes.dropped.add("tool_choice");
  return {};
}

function mapNamed(
  situation: ToolChoiceSituation,
  dialect: ChatToolChoiceDialect,
  notes: RequestNotes,
  parallel: ToolFields["fields"],
): ToolFields {
  const { choice, functions, serverTools } = situation;
  const named = functions.find((tool) => tool.requested.name === choice.name);
  // A tool that the upstream runs cannot be forced.
  if (named === undefined || yieldsToThinking(situation, dialect)) {
    notes.dropped.add("tool_choice");
    return { functions, serverTools, fields: parallel };
  }
  if (dialect.tool === "only-tool") {
    const fields = { ...mapAny(situation, dialect, notes), ...parallel };
    return { functions: [named], serverTools: [], fields };
  }
  const tool_choice = { type: "function" as const, function: { name: named.chatTool.function.name } };
  return { functions, serverTools, fields: { tool_choice, ...parallel } };
}

/** For models that cannot stop thinking and refuse a forced choice while they think. */
function yieldsToThinking(situation: ToolChoiceSituation, dialect: ChatToolChoiceDialect): boolean {
  return situation.thinkingIsOn && dialect.whileThinking === "omit";
}

/** llama.cpp allows one call at a time by default; for other servers the default is several. */
function mapParallel(
  { forbidsParallel }: ToolChoiceWish,
  { parallelCalls }: Pick<ChatToolDialect, "parallelCalls">,
): Pick<ChatRequest, "parallel_tool_calls"> {
  if (forbidsParallel) return { parallel_tool_calls: false };
  return parallelCalls === "always" ? { parallel_tool_calls: true } : {};
}
