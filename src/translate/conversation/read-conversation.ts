import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import { clearOldThinking } from "./clear-old-thinking.ts";
import type { FlatTurn } from "./flat-turn.ts";
import { flattenTurns } from "./flatten-turns.ts";
import { mendToolIds } from "./mend-tool-ids.ts";
import { readSystemChanges, type SystemChanges, withoutClearedMessages } from "./read-system-entries.ts";
import { removeEmptyTurns } from "./remove-empty-turns.ts";

/** The conversation with all repairs except those of the results of its calls. */
export interface Conversation {
  /** They alternate and none is empty. */
  turns: readonly FlatTurn[];
  changes: SystemChanges;
  /** Ids of all calls and results, as the client knows them. */
  toolIds: Set<string>;
  /** Names of all tools that were called, as the client knows them. */
  calledNames: Set<string>;
}

/** Reads the messages (rules 2.1, 2.2, 2.4.1, 2.4.4, 2.4.5). Throws ApiError for content that cannot be sent. */
export function readConversation(
  request: Pick<ConversationRequest, "messages" | "context_management">,
  traits: MessageTraits,
  notes: RequestNotes,
): Conversation {
  const messages = withoutClearedMessages(request.messages);
  const flattened = mendToolIds(flattenTurns(messages, traits, notes), notes);
  const turns = clearOldThinking(removeEmptyTurns(flattened), request);
  const conversation: Conversation = {
    turns,
    changes: readSystemChanges(messages),
    toolIds: new Set(),
    calledNames: new Set(),
  };
  for (const turn of turns) {
    for (const item of turn.items) {
      if (item.type === "tool_result") conversation.toolIds.add(item.tool_use_id);
      if (item.type !== "tool_use") continue;
      conversation.toolIds.add(item.id);
      conversation.calledNames.add(item.name);
    }
  }
  return conversation;
}

/** The user's last text, at most `maxLength` characters; "" if the last content was no text. */
export function findLastUserText(turns: readonly FlatTurn[], maxLength: number): string {
  const last = turns.findLast((turn) => turn.role === "user");
  const texts = last?.items.flatMap((item) => (item.type === "text" ? [item.text] : []));
  return (texts ?? []).join("\n").slice(0, maxLength);
}
