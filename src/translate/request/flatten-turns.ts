import type { ContentBlock } from "../../anthropic/content-block.ts";
import type { RequestMessage } from "../../anthropic/messages-request.ts";
import { nonEmptyString } from "../../json/json-value.ts";
import type { TextPart } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import { convertContent } from "./convert-content.ts";
import { describeServerTool } from "./describe-server-tool.ts";
import type { RequestNotes } from "./request-notes.ts";
import { type AssistantItem, mergeTurns, type Turn, type UserTurn } from "./turn.ts";

type Content = string | ContentBlock[];

/**
 * The messages as turns in which the roles alternate (rules 2.1, 2.2, 2.4.1). A turn may be empty. `system`
 * messages are part of the user turn they fall into, so that none can come between a call and its result.
 */
export function flattenTurns(
  messages: readonly RequestMessage[],
  profile: Profile,
  notes: RequestNotes,
): Turn[] {
  const turns = messages.flatMap(({ role, content }): Turn[] => {
    if (role === "assistant") return flattenAssistant(content ?? "", notes);
    return [
      role === "user"
        ? flattenUser(content ?? "", profile, notes)
        : flattenSystem(content ?? "", profile, notes),
    ];
  });
  return mergeTurns(turns);
}

function flattenUser(content: Content, profile: Profile, notes: RequestNotes): UserTurn {
  if (typeof content === "string") return { role: "user", items: convertContent(content, profile, notes) };
  const items = content.flatMap((block): UserTurn["items"] =>
    block.type === "tool_result" ? [block] : convertContent([block], profile, notes),
  );
  return { role: "user", items };
}

function flattenSystem(content: Content, profile: Profile, notes: RequestNotes): UserTurn {
  const parts = convertContent(content, profile, notes).filter((part) => part.type === "text");
  if (parts.length === 0) return { role: "user", items: [] };
  if (profile.systemInConversation === "keep") {
    return { role: "user", items: [{ type: "system_entry", parts }] };
  }
  const text = parts.map((part) => part.text).join("\n");
  const mark = parts.findLast((part) => part.cache_control)?.cache_control;
  const reminder: TextPart = {
    type: "text",
    text: `<system-reminder>\n${text}\n</system-reminder>`,
    ...(mark && { cache_control: mark }),
  };
  return { role: "user", items: [reminder] };
}

/** More than one turn only where a summary of what was said before stands inside an assistant message. */
function flattenAssistant(content: Content, notes: RequestNotes): Turn[] {
  if (typeof content === "string") return [{ role: "assistant", items: textItem(content) }];
  const turns: Turn[] = [];
  let items: AssistantItem[] = [];
  for (const block of content) {
    const summary = block.type === "compaction" ? nonEmptyString(block["content"]) : undefined;
    if (summary === undefined) items.push(...assistantItems(block, notes));
    else {
      const text = `<summary>\n${summary}\n</summary>`;
      turns.push({ role: "assistant", items }, { role: "user", items: [{ type: "text", text }] });
      items = [];
    }
  }
  return [...turns, { role: "assistant", items }];
}

function assistantItems(block: ContentBlock, notes: RequestNotes): AssistantItem[] {
  switch (block.type) {
    case "text":
      return block.text.trim() === "" ? [] : [block];
    case "tool_use":
    case "thinking":
    case "redacted_thinking":
      return [block];
    case "compaction":
    case "fallback":
    case "mcp_tool_listing":
      return [];
    case "unknown": {
      const text = nonEmptyString(block.original["text"]);
      if (text === undefined) notes.dropped.add(`content block ${block.original["type"]}`);
      return textItem(text ?? "");
    }
    case "image":
    case "document":
    case "search_result":
    case "tool_reference":
    case "tool_result":
    case "tool_addition":
    case "tool_removal":
      notes.dropped.add(`content block ${block.type} of the assistant`);
      return [];
    default: {
      const text = describeServerTool(block);
      if (text === null) notes.dropped.add(`content block ${block.type}`);
      return textItem(text ?? "");
    }
  }
}

function textItem(text: string): AssistantItem[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}
