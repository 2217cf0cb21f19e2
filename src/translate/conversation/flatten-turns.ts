import type { ContentBlock } from "../../anthropic/content-block.ts";
import type { RequestMessage } from "../../anthropic/messages-request.ts";
import { nonEmptyString, textOfScalar } from "../../json/json-value.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import { addAll } from "../add-all.ts";
import type { RequestNotes } from "../request-notes.ts";
import { describeServerTool } from "./describe-server-tool.ts";
import { type FlatTurn, type FlatUserTurn, openAssistantItems, openUserItems } from "./flat-turn.ts";
import { addBlock, readContent } from "./read-content.ts";
import { createSaidText } from "./said-part.ts";
import type { AssistantItem } from "./turn.ts";

type Content = string | ContentBlock[];

/**
 * Converts the messages to turns in which the roles alternate (rules 2.1, 2.2, 2.4.1). A turn may be empty. `system`
 * messages become part of the user turn in which they occur, so that none can come between a call and its result.
 */
export function flattenTurns(
  messages: readonly RequestMessage[],
  traits: MessageTraits,
  notes: RequestNotes,
): FlatTurn[] {
  const turns: FlatTurn[] = [];
  for (const { role, content } of messages) {
    if (role === "assistant") addAssistant(turns, content ?? "", notes);
    else if (role === "user") addUser(openUserItems(turns), content ?? "", traits, notes);
    else addSystem(openUserItems(turns), content ?? "", traits, notes);
  }
  return turns;
}

function addUser(
  items: FlatUserTurn["items"],
  content: Content,
  traits: MessageTraits,
  notes: RequestNotes,
): void {
  if (typeof content === "string") {
    addAll(items, readContent(content, traits, notes));
    return;
  }
  for (const block of content) {
    if (block.type === "tool_result") items.push(block);
    else addBlock(items, block, traits, notes);
  }
}

function addSystem(
  items: FlatUserTurn["items"],
  content: Content,
  traits: MessageTraits,
  notes: RequestNotes,
): void {
  const parts = readContent(content, traits, notes).filter((part) => part.type === "text");
  if (parts.length === 0) return;
  if (traits.systemInConversation === "keep") {
    items.push({ type: "system_entry", parts });
    return;
  }
  const text = parts.map((part) => part.text).join("\n");
  const { mark } = parts.findLast((part) => part.mark !== undefined) ?? {};
  items.push(createSaidText(`<system-reminder>\n${text}\n</system-reminder>`, mark));
}

/** Adds more than one turn only if an assistant message contains a summary of the conversation before. */
function addAssistant(turns: FlatTurn[], content: Content, notes: RequestNotes): void {
  const items = openAssistantItems(turns);
  if (typeof content === "string") {
    addText(items, content);
    return;
  }
  for (const block of content) {
    const summary = block.type === "compaction" ? nonEmptyString(block["content"]) : undefined;
    if (summary === undefined) addAssistantBlock(openAssistantItems(turns), block, notes);
    else openUserItems(turns).push({ type: "text", text: `<summary>\n${summary}\n</summary>` });
  }
  openAssistantItems(turns);
}

function addAssistantBlock(items: AssistantItem[], block: ContentBlock, notes: RequestNotes): void {
  switch (block.type) {
    case "text":
      if (block.text.trim() !== "") items.push(createSaidText(block.text, block.cache_control));
      break;
    case "tool_use":
    case "thinking":
    case "redacted_thinking":
      items.push(block);
      break;
    case "compaction":
    case "fallback":
    case "mcp_tool_listing":
      break;
    case "unknown": {
      const text = nonEmptyString(block.original["text"]);
      if (text === undefined) notes.dropped.add(`content block ${textOfScalar(block.original["type"])}`);
      addText(items, text ?? "");
      break;
    }
    case "image":
    case "document":
    case "search_result":
    case "tool_reference":
    case "tool_result":
    case "tool_addition":
    case "tool_removal":
      notes.dropped.add(`content block ${block.type} of the assistant`);
      break;
    default: {
      const text = describeServerTool(block);
      if (text === null) notes.dropped.add(`content block ${block.type}`);
      addText(items, text ?? "");
    }
  }
}

function addText(items: AssistantItem[], text: string): void {
  if (text.trim() !== "") items.push({ type: "text", text });
}
