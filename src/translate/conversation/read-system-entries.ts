import type { RequestMessage } from "../../anthropic/messages-request.ts";
import type { Effort } from "../../profiles/effort.ts";
import type { ToolChange } from "../tools/tool-change.ts";

/** The changes that `system` messages within a conversation make, besides their text (rule 2.1). */
export interface SystemChanges {
  /** The last one that was set, or null. */
  effort: Effort | null;
  toolChanges: ToolChange[];
}

/** The messages without those that were only valid until a user message which has now come (rule 2.1). */
export function withoutClearedMessages(messages: readonly RequestMessage[]): readonly RequestMessage[] {
  if (!messages.some(isCleared)) return messages;
  const lastUser = messages.findLastIndex((message) => message.role === "user");
  return messages.filter((message, index) => !isCleared(message) || index > lastUser);
}

function isCleared(message: RequestMessage): boolean {
  return message.clear_at === "next_user_message";
}

/** Reads effort and tool changes out of the messages. */
export function readSystemChanges(messages: readonly RequestMessage[]): SystemChanges {
  const changes: SystemChanges = { effort: null, toolChanges: [] };
  for (const message of messages) {
    if (message.role === "system") changes.effort = message.output_config?.effort ?? changes.effort;
    if (!Array.isArray(message.content)) continue;
    for (const block of message.content) {
      if (block.type === "tool_addition" && block.tool_definition) {
        changes.toolChanges.push({ add: block.tool_definition });
      } else if (block.type === "tool_removal" && block.tool_name) {
        changes.toolChanges.push({ remove: block.tool_name });
      }
    }
  }
  return changes;
}
