import { ApiError } from "../../../anthropic/api-error.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { addAll } from "../../../translate/add-all.ts";
import { type AssistantTurn, continuePart, type Turn } from "../../../translate/conversation/turn.ts";
import { createEnvelopeBudget } from "../../../translate/reasoning/decode-envelope.ts";
import {
  noReasoning,
  type ReasoningBlock,
  type ReasoningReader,
  readReasoning,
  type TurnReasoning,
} from "../../../translate/reasoning/read-reasoning.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import { createToolIds } from "../../../translate/tools/tool-ids.ts";
import type { ToolNames } from "../../../translate/tools/tool-names.ts";
import type { AssistantMessage, ChatMessage } from "../chat-request.ts";
import { type AssistantContext, convertAssistantTurn } from "./convert-assistant-turn.ts";
import { convertUserTurn, type OpenCall } from "./convert-user-turn.ts";
import { createReasoningRestorer } from "./restore-reasoning.ts";

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

type AssistantConverter = (turn: AssistantTurn, index: number) => AssistantMessage;

/** A conversation that is being converted. */
interface Conversion {
  turns: readonly Turn[];
  context: ConversationContext;
  convertAssistant: AssistantConverter;
  messages: ChatMessage[];
  /** Calls of the turn before, to which results have to come. */
  calls: OpenCall[];
}

/** Turns that are converted between two yields: 5 ms at most where none is long. */
const turnsAtOnce = 10_000;

/**
 * The conversation after the system message (rules 2.2 to 2.4, 6.2). `turns` alternate and none is empty. Throws
 * ApiError when the last turn calls a tool, because then there is nothing for the upstream to answer.
 */
export function convertMessages(turns: readonly Turn[], context: ConversationContext): ChatMessage[] {
  const conversion = beginConversion(turns, context);
  convertTurns(conversion, 0, turns.length);
  return endConversion(conversion);
}

/** The same in parts, for a hundred thousand turns. */
export function* convertInParts(
  turns: readonly Turn[],
  context: ConversationContext,
): Generator<void, ChatMessage[]> {
  const conversion = beginConversion(turns, context);
  for (let from = 0; from < turns.length; from += turnsAtOnce) {
    if (from > 0) yield;
    convertTurns(conversion, from, Math.min(turns.length, from + turnsAtOnce));
  }
  return endConversion(conversion);
}

function beginConversion(turns: readonly Turn[], context: ConversationContext): Conversion {
  const { profile, notes } = context;
  const convertAssistant = createAssistantConverter(turns, context);
  const messages: ChatMessage[] = [];
  if (turns[0]?.role === "assistant" && profile.needsUserFirst) {
    messages.push({ role: "user", content: continuePart.text });
    notes.repairs.add("the conversation began with the assistant");
  }
  return { turns, context, convertAssistant, messages, calls: [] };
}

function convertTurns(conversion: Conversion, from: number, to: number): void {
  const { turns, context, convertAssistant, messages } = conversion;
  const { profile, notes } = context;
  for (let index = from; index < to; index += 1) {
    const turn = turns[index];
    if (turn === undefined) return;
    if (turn.role === "user") {
      addAll(messages, convertUserTurn(turn, conversion.calls, profile, notes));
      conversion.calls = [];
    } else {
      const message = convertAssistant(turn, index);
      messages.push(message);
      conversion.calls = findOpenCalls(turn, message);
    }
  }
}

function endConversion({ messages, calls }: Conversion): ChatMessage[] {
  if (calls.length > 0) throw new ApiError("invalid_request_error", describeOpenCalls(calls));
  return messages;
}

function createAssistantConverter(turns: readonly Turn[], context: ConversationContext): AssistantConverter {
  const { profile, toolNames, emptyReasoningAs, withoutOpaqueReasoning = false } = context;
  const unknownReasoning =
    profile.unknownReasoning === null ? null : (emptyReasoningAs ?? profile.unknownReasoning);
  const toolIds = createToolIds(profile.toolIds);
  const assistant: AssistantContext = { profile, toolIds, toolNames, placeholderSignature: unknownReasoning };
  if (profile.reasoningReturn === "none") return (turn) => convertAssistantTurn(turn, noReasoning, assistant);

  const reader = { ...context, envelopes: createEnvelopeBudget() };
  const reasonings = turns.map((turn) => (turn.role === "user" ? noReasoning : readTurn(turn, reader)));
  const isOwnHistory = reasonings.some((reasoning) => reasoning.isOwn);
  const restore = createReasoningRestorer({
    profile,
    isDemanded: context.thinkingIsOn || withoutOpaqueReasoning || (context.thinkingIsUnset && isOwnHistory),
    unknownReasoning,
  });
  const lastSpokenIndex = turns.findLastIndex(
    (turn) => turn.role === "user" && turn.items.some((item) => item.type !== "tool_result"),
  );
  return (turn, index) => {
    const reasoning = reasonings[index] ?? noReasoning;
    const { tool_calls, ...message } = convertAssistantTurn(turn, reasoning, assistant);
    const hasToolCalls = tool_calls !== undefined;
    const restored = restore(reasoning, { hasToolCalls, isInRunningLoop: index > lastSpokenIndex });
    return { ...message, ...restored, ...(hasToolCalls && { tool_calls }) };
  };
}

function readTurn(turn: AssistantTurn, reader: ReasoningReader): TurnReasoning {
  const blocks = turn.items.filter(
    (item): item is ReasoningBlock => item.type === "thinking" || item.type === "redacted_thinking",
  );
  return blocks.length === 0 ? noReasoning : readReasoning(blocks, reader);
}

function findOpenCalls(turn: AssistantTurn, message: AssistantMessage): OpenCall[] {
  const calls: OpenCall[] = [];
  for (const item of turn.items) {
    if (item.type !== "tool_use") continue;
    calls.push({ id: item.id, wireId: message.tool_calls?.[calls.length]?.id ?? item.id });
  }
  return calls;
}

/** The Anthropic API's own words. */
function describeOpenCalls(calls: readonly OpenCall[]): string {
  const ids = calls.map((call) => call.id).join(", ");
  return `messages: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}
