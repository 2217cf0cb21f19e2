import { isObject } from "../../api/check.ts";
import { type Block, readBlocks } from "./blocks.ts";
import { parseCutJson } from "./parse-cut-json.ts";

/** One message of a conversation. */
export interface Turn {
  readonly role: string;
  readonly blocks: readonly Block[];
}

export interface Conversation {
  readonly turns: readonly Turn[];
  /** The names of the tools that the client offered. */
  readonly tools: readonly string[];
  /** Whether its end was not kept. */
  readonly isCut: boolean;
}

/** What the client asked, from the JSON of its request, whatever it holds. Null if it is no such request. */
export function readConversation(text: string): Conversation | null {
  const parsed = parseCutJson(text);
  if (parsed === null || !isObject(parsed.value)) return null;
  const { system, messages, tools } = parsed.value;
  const turns = (Array.isArray(messages) ? messages : []).map(readTurn);
  const blocks = readBlocks(system);
  return {
    turns: blocks.length > 0 ? [{ role: "system", blocks }, ...turns] : turns,
    tools: (Array.isArray(tools) ? tools : []).map(nameTool),
    isCut: parsed.isCut,
  };
}

function readTurn(message: unknown): Turn {
  if (!isObject(message)) return { role: "unknown", blocks: readBlocks([message]) };
  const { role, content } = message;
  return { role: typeof role === "string" ? role : "unknown", blocks: readBlocks(content) };
}

function nameTool(tool: unknown): string {
  const name = isObject(tool) ? (tool["name"] ?? tool["type"]) : null;
  return typeof name === "string" ? name : "without a name";
}
