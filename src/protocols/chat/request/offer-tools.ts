import type { ConversationRequest } from "../../../anthropic/messages-request.ts";
import type { JsonObject } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
import type { Conversation } from "../../../translate/conversation/read-conversation.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import { selectTools } from "../../../translate/tools/select-tools.ts";
import { createToolNames, type ToolNames } from "../../../translate/tools/tool-names.ts";
import type { ServerTool } from "../chat-request.ts";
import { type ConvertedTool, convertTools } from "./convert-tools.ts";

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
  request: Pick<ConversationRequest, "tools" | "tool_choice">,
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
