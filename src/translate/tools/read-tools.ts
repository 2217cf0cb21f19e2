import { ApiError } from "../../anthropic/api-error.ts";
import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import type { ToolTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import { limitTools } from "./limit-tools.ts";
import { type SelectedTools, selectTools } from "./select-tools.ts";
import type { ToolChange } from "./tool-change.ts";
import { readToolChoice, type ToolChoiceWish } from "./tool-choice-wish.ts";
import { createToolNames, type ToolNames } from "./tool-names.ts";

/** The tools for the model, and the client's wishes for their use. */
export interface AskedTools extends Readonly<SelectedTools> {
  choice: ToolChoiceWish;
  /** Returns the names that the upstream knows, also for tools in the history. */
  toolNames: ToolNames;
}

/** The facts about tools in the conversation. */
export interface ToolHistory {
  /** Tools that are added or removed in the course of it. */
  changes: readonly ToolChange[];
  /** Names of all tools that were called, as the client knows them. */
  calledNames: ReadonlySet<string>;
}

/**
 * Selects the tools of a request (rule 1.3). Throws ApiError as `selectTools` does, and for a choice that is none of
 * them.
 */
export function readTools(
  request: Pick<ConversationRequest, "tools" | "tool_choice">,
  { changes, calledNames }: ToolHistory,
  traits: ToolTraits,
  notes: RequestNotes,
): AskedTools {
  const selected = selectTools(request, changes, traits, notes);
  const names = selected.functions.map((tool) => tool.name);
  const choice = readToolChoice(request.tool_choice);
  const usage = { calledNames, forcedName: choice.name };
  const tools = { ...selected, functions: limitTools(selected.functions, usage, traits, notes) };
  checkChoice(choice, tools);
  return { ...tools, choice, toolNames: createToolNames(names, traits.names) };
}

function checkChoice({ name }: ToolChoiceWish, { functions, serverTools }: Readonly<SelectedTools>): void {
  if (name === null || functions.length + serverTools.length === 0) return;
  if (functions.some((tool) => tool.name === name) || serverTools.some((tool) => tool.type === name)) return;
  throw new ApiError("invalid_request_error", `tool_choice.name: the request has no tool named ${name}`);
}
