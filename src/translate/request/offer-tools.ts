import type { CountTokensRequest } from "../../anthropic/messages-request.ts";
import type { JsonObject } from "../../json/json-value.ts";
import type { ServerTool } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import { type ConvertedTool, convertTools } from "./convert-tools.ts";
import type { Conversation } from "./read-conversation.ts";
import type { RequestNotes } from "./request-notes.ts";
import { selectTools } from "./select-tools.ts";
import { createToolNames, type ToolNames } from "./tool-names.ts";

/** All that the model could be given to use, before the client's choice among it. */
export interface OfferedTools {
  functions: ConvertedTool[];
  serverTools: ServerTool[];
  /** OpenAI's search models: how to search; null for no search. */
  webSearchOptions: JsonObject | null;
  toolNames: ToolNames;
}

/** Selects and converts the tools of a request (rule 1.3). Throws ApiError as `selectTools` does. */
export function offerTools(
  request: Pick<CountTokensRequest, "tools" | "tool_choice">,
  conversation: Conversation,
  profile: Profile,
  notes: RequestNotes,
): OfferedTools {
  const { functions, serverTools, webSearchOptions } = selectTools(
    request,
    conversation.changes.toolChanges,
    profile,
    notes,
  );
  const toolNames = createToolNames(
    functions.map((tool) => tool.name),
    profile.toolNames,
  );
  const forcedName = request.tool_choice?.type === "tool" ? request.tool_choice.name : null;
  const usage = { calledNames: conversation.calledNames, forcedName };
  const converted = convertTools(functions, usage, toolNames, profile, notes);
  return { functions: converted, serverTools, webSearchOptions, toolNames };
}
