import { ApiError } from "../../anthropic/api-error.ts";
import type { AssistantMessage, ChatMessage } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import { type ReasoningBlock, readReasoning, type TurnReasoning } from "../reasoning/read-reasoning.ts";
import { createReasoningRestorer } from "../reasoning/restore-reasoning.ts";
import { convertAssistantTurn } from "./convert-assistant-turn.ts";
import { convertUserTurn, type OpenCall } from "./convert-user-turn.ts";
import type { RequestNotes } from "./request-notes.ts";
import { createToolIds } from "./tool-ids.ts";
import type { ToolNames } from "./tool-names.ts";
import { type AssistantTurn, continuePart, type Turn, type UserTurn } from "./turn.ts";

/** What the conversion needs besides the turns. */
export interface ConversationContext {
  profile: Profile;
  /** The upstream's model id. */
  model: string;
  toolNames: ToolNames;
  thinkingIsOn: boolean;
  /** The client said nothing about thinking, so what the history shows decides (rule 6.2). */
  thinkingIsUnset: boolean;
  withoutOpaqueReasoning?: boolean;
  /** Replaces the profile's stand-in for unknown reasoning. */
  emptyReasoningAs?: "";
  notes: RequestNotes;
}

type ReadTurn = UserTurn | (AssistantTurn & { reasoning: TurnReasoning });

/**
 * The conversation after the system message (rules 2.2 to 2.4, 6.2). `turns` alternate and none is empty. Throws
 * ApiError when the last turn calls a tool, because then there is nothing for the upstream to answer.
 */
export function convertMessages(turns: readonly Turn[], context: ConversationContext): ChatMessage[] {
  const { profile, notes } = context;
  const readTurns = turns.map((turn) => readTurn(turn, context));
  const convertAssistant = createAssistantConverter(readTurns, context);
  const messages: ChatMessage[] = [];
  if (readTurns[0]?.role === "assistant" && profile.needsUserFirst) {
    messages.push({ role: "user", content: continuePart.text });
    notes.repairs.add("the conversation began with the assistant");
  }
  let calls: OpenCall[] = [];
  for (const [index, turn] of readTurns.entries()) {
    if (turn.role === "user") {
      messages.push(...convertUserTurn(turn, calls, profile, notes));
      calls = [];
    } else {
      const message = convertAssistant(turn, index);
      messages.push(message);
      calls = findOpenCalls(turn, message);
    }
  }
  if (calls.length > 0) throw new ApiError("invalid_request_error", describeOpenCalls(calls));
  return messages;
}

function readTurn(turn: Turn, context: ConversationContext): ReadTurn {
  if (turn.role === "user") return turn;
  const isRead = context.profile.reasoningReturn !== "none";
  const blocks = turn.items.filter(
    (item): item is ReasoningBlock =>
      isRead && (item.type === "thinking" || item.type === "redacted_thinking"),
  );
  return { ...turn, reasoning: readReasoning(blocks, context) };
}

function createAssistantConverter(
  turns: readonly ReadTurn[],
  context: ConversationContext,
): (turn: AssistantTurn & { reasoning: TurnReasoning }, index: number) => AssistantMessage {
  const { profile, toolNames, emptyReasoningAs, withoutOpaqueReasoning = false } = context;
  const unknownReasoning =
    profile.unknownReasoning === null ? null : (emptyReasoningAs ?? profile.unknownReasoning);
  const isOwnHistory = turns.some((turn) => turn.role === "assistant" && turn.reasoning.isOwn);
  const restore = createReasoningRestorer({
    profile,
    isDemanded: context.thinkingIsOn || withoutOpaqueReasoning || (context.thinkingIsUnset && isOwnHistory),
    unknownReasoning,
  });
  const toolIds = createToolIds(profile.toolIds);
  const lastSpokenIndex = turns.findLastIndex(
    (turn) => turn.role === "user" && turn.items.some((item) => item.type !== "tool_result"),
  );
  return (turn, index) => {
    const { tool_calls, ...message } = convertAssistantTurn(turn, turn.reasoning, {
      profile,
      toolIds,
      toolNames,
      placeholderSignature: unknownReasoning,
    });
    const hasToolCalls = tool_calls !== undefined;
    const restored = restore(turn.reasoning, { hasToolCalls, isInRunningLoop: index > lastSpokenIndex });
    return { ...message, ...restored, ...(hasToolCalls && { tool_calls }) };
  };
}

function findOpenCalls(turn: AssistantTurn, message: AssistantMessage): OpenCall[] {
  const ids = turn.items.flatMap((item) => (item.type === "tool_use" ? [item.id] : []));
  return ids.map((id, index) => ({ id, wireId: message.tool_calls?.[index]?.id ?? id }));
}

/** The Anthropic API's own words. */
function describeOpenCalls(calls: readonly OpenCall[]): string {
  const ids = calls.map((call) => call.id).join(", ");
  return `messages: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}
