import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import type { ToolCallDelta } from "../../openai/chat-response.ts";
import { findThoughtSignature } from "./find-thought-signature.ts";

/** What an entry of `delta.tool_calls` says. */
export interface ToolCallPiece {
  index: number | null;
  id: string | null;
  name: string | null;
  arguments: string;
  thoughtSignature: string | null;
}

/** Reads an entry of `delta.tool_calls`. Returns null when its `index` can be none. */
export function readToolCall(delta: ToolCallDelta): ToolCallPiece | null {
  const index = delta.index ?? null;
  if (index !== null && !isSlotIndex(index)) return null;
  const call = isJsonObject(delta.function) ? delta.function : {};
  return {
    index,
    id: nonEmptyString(delta.id) ?? null,
    name: nonEmptyString(call["name"]) ?? null,
    arguments: argumentsText(call["arguments"]),
    thoughtSignature: findThoughtSignature(delta.extra_content),
  };
}

function isSlotIndex(index: unknown): index is number {
  return typeof index === "number" && Number.isInteger(index) && index >= 0 && index < 1_000_000;
}

/** Arguments as text: some servers send the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
