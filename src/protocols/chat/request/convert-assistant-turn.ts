import type { ToolUseBlockParam } from "../../../anthropic/content-block.ts";
import type { ChatDialect } from "../../../profiles/chat-dialect.ts";
import { afterBlankLine } from "../../../translate/conversation/join-texts.ts";
import type { AssistantTurn } from "../../../translate/conversation/turn.ts";
import type { TurnReasoning } from "../../../translate/reasoning/read-reasoning.ts";
import { objectOfInput } from "../../../translate/tools/object-of-input.ts";
import type { ToolIds } from "../../../translate/tools/tool-ids.ts";
import type { ToolNames } from "../../../translate/tools/tool-names.ts";
import type { AssistantMessage, TextPart, ToolCall } from "../chat-request.ts";
import { convertText } from "./convert-part.ts";
import { joinTexts } from "./join-parts.ts";

/** The facts about the request that the conversion of an assistant turn needs. */
export interface AssistantContext {
  dialect: ChatDialect;
  toolIds: ToolIds;
  toolNames: ToolNames;
  /** gemini: signs the first call of a turn if none has a known signature; null if no signature is required. */
  placeholderSignature: string | null;
}

/**
 * Converts a turn to one assistant message: text and calls together, reasoning apart (rules 2.2, 2.4.7, 6.2). The turn
 * contains a text or a call.
 */
export function convertAssistantTurn(
  turn: AssistantTurn,
  reasoning: TurnReasoning,
  context: AssistantContext,
): AssistantMessage {
  const { messages } = context.dialect;
  const texts: TextPart[] = [];
  const calls: ToolUseBlockParam[] = [];
  for (const item of turn.items) {
    if (item.type === "text") texts.push(convertText(item, messages));
    else if (item.type === "tool_use") calls.push(item);
  }
  if (calls.length === 0) return { role: "assistant", content: joinTexts(texts, afterBlankLine) };
  return {
    role: "assistant",
    content: texts.length === 0 ? messages.contentOfToolCallMessage : joinTexts(texts, afterBlankLine),
    tool_calls: convertCalls(calls, reasoning, context),
  };
}

/** gemini: each call gets its own signature; if none has one, the first gets the placeholder. */
function convertCalls(
  calls: readonly ToolUseBlockParam[],
  { signatures }: TurnReasoning,
  context: AssistantContext,
): ToolCall[] {
  const { dialect, placeholderSignature } = context;
  if (dialect.reasoning.returnedAs !== "gemini") return calls.map((call) => convertCall(call, null, context));
  const ofFirst = calls.some(({ id }) => signatures.has(id)) ? null : placeholderSignature;
  return calls.map((call, index) =>
    convertCall(call, signatures.get(call.id) ?? (index === 0 ? ofFirst : null), context),
  );
}

function convertCall(
  call: ToolUseBlockParam,
  signature: string | null,
  { toolIds, toolNames }: AssistantContext,
): ToolCall {
  const name = toolNames(call.name);
  const converted: ToolCall = {
    id: toolIds(call.id, name),
    type: "function",
    function: { name, arguments: JSON.stringify(objectOfInput(call.input)) },
  };
  if (signature !== null) converted.extra_content = { google: { thought_signature: signature } };
  return converted;
}
