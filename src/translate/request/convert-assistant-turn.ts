import type { ToolUseBlockParam } from "../../anthropic/content-block.ts";
import { isJsonObject } from "../../json/json-value.ts";
import type { AssistantMessage, TextPart, ToolCall } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { TurnReasoning } from "../reasoning/read-reasoning.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";
import { afterBlankLine, joinTexts } from "./join-parts.ts";
import type { ToolIds } from "./tool-ids.ts";
import type { ToolNames } from "./tool-names.ts";
import type { AssistantTurn } from "./turn.ts";

/** What the conversion of an assistant turn needs to know of the request. */
export interface AssistantContext {
  profile: Profile;
  toolIds: ToolIds;
  toolNames: ToolNames;
  /** gemini: signs the first call of a turn whose own signature is not known; null where nothing is demanded. */
  placeholderSignature: string | null;
}

/**
 * One assistant message: text and calls together, reasoning aside (rules 2.2, 2.4.7, 6.2). The turn holds a text
 * or a call.
 */
export function convertAssistantTurn(
  turn: AssistantTurn,
  reasoning: TurnReasoning,
  context: AssistantContext,
): AssistantMessage {
  const { profile } = context;
  const texts = turn.items.flatMap((item): TextPart[] =>
    item.type === "text"
      ? [{ type: "text", text: item.text, ...convertCacheMark(item.cache_control, profile) }]
      : [],
  );
  const calls = turn.items.filter((item) => item.type === "tool_use");
  if (calls.length === 0) return { role: "assistant", content: joinTexts(texts, afterBlankLine) };
  return {
    role: "assistant",
    content: texts.length === 0 ? profile.contentOfToolCallMessage : joinTexts(texts, afterBlankLine),
    tool_calls: calls.map((call, index) => convertCall(call, index === 0, reasoning, context)),
  };
}

function convertCall(
  call: ToolUseBlockParam,
  isFirst: boolean,
  reasoning: TurnReasoning,
  context: AssistantContext,
): ToolCall {
  const { profile, toolIds, toolNames, placeholderSignature } = context;
  const name = toolNames(call.name);
  const toolCall: ToolCall = {
    id: toolIds(call.id, name),
    type: "function",
    function: { name, arguments: encodeArguments(call.input) },
  };
  if (profile.reasoningReturn !== "gemini") return toolCall;
  const isSigned = reasoning.signatures.size > 0;
  const signature = reasoning.signatures.get(call.id) ?? (isFirst && !isSigned ? placeholderSignature : null);
  if (signature === null) return toolCall;
  return { ...toolCall, extra_content: { google: { thought_signature: signature } } };
}

/** Always the JSON of an object: Ollama and others refuse anything else in the history. */
function encodeArguments(input: unknown): string {
  if (input === undefined || input === null || input === "") return "{}";
  return JSON.stringify(isJsonObject(input) ? input : { value: input });
}
