import type { Profile } from "../../../profiles/profile.ts";
import { addAll } from "../../../translate/add-all.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import { wantsReasoningBack } from "../../../translate/conversation/thinking-wish.ts";
import type { AssistantTurn, Turn } from "../../../translate/conversation/turn.ts";
import { createEnvelopeBudget } from "../../../translate/reasoning/decode-envelope.ts";
import {
  isReasoningBlock,
  noReasoning,
  type ReasoningReader,
  readReasoning,
  type TurnReasoning,
} from "../../../translate/reasoning/read-reasoning.ts";
import { createToolIds, type ToolIds } from "../../../translate/tools/tool-ids.ts";
import type { ConversionOptions } from "../../request-builder.ts";
import type { AssistantMessage, ChatMessage } from "../chat-request.ts";
import { type AssistantContext, convertAssistantTurn } from "./convert-assistant-turn.ts";
import { convertUserTurn } from "./convert-user-turn.ts";
import { createReasoningRestorer } from "./restore-reasoning.ts";

type AssistantConverter = (turn: AssistantTurn, index: number) => AssistantMessage;

/** A conversation while it is converted. */
export interface Conversion {
  turns: readonly Turn[];
  profile: Profile;
  toolIds: ToolIds;
  convertAssistant: AssistantConverter;
  messages: ChatMessage[];
}

/**
 * Begins the messages after the system message (rules 2.2 to 2.4, 6.2): determines the facts that concern all turns
 * together.
 */
export function beginConversion(asked: Asked, context: ConversionOptions): Conversion {
  const { profile } = context;
  const toolIds = createToolIds(profile.chat.tools.ids);
  const convertAssistant = createAssistantConverter(asked, toolIds, context);
  return { turns: asked.turns, profile, toolIds, convertAssistant, messages: [] };
}

/** Adds the messages of the turns from one index up to another. */
export function convertTurns(conversion: Conversion, from: number, to: number): void {
  const { turns, profile, toolIds, convertAssistant, messages } = conversion;
  for (let index = from; index < to; index += 1) {
    const turn = turns[index];
    if (turn?.role === "user") addAll(messages, convertUserTurn(turn, toolIds, profile));
    else if (turn !== undefined) messages.push(convertAssistant(turn, index));
  }
}

function createAssistantConverter(
  asked: Asked,
  toolIds: ToolIds,
  context: ConversionOptions,
): AssistantConverter {
  const { turns, lastSpokenIndex, thinking, tools } = asked;
  const { profile, thinkingIsOn, emptyReasoningAs, withoutOpaqueReasoning = false } = context;
  const { returnedAs, unknownAs } = profile.chat.reasoning;
  const unknownReasoning = unknownAs === null ? null : (emptyReasoningAs ?? unknownAs);
  const assistant: AssistantContext = {
    dialect: profile.chat,
    toolIds,
    toolNames: tools.toolNames,
    placeholderSignature: unknownReasoning,
  };
  if (returnedAs === "none") return (turn) => convertAssistantTurn(turn, noReasoning, assistant);

  const reader = { ...context, envelopes: createEnvelopeBudget() };
  const reasonings = turns.map((turn) => (turn.role === "user" ? noReasoning : readTurn(turn, reader)));
  const isOwnHistory = reasonings.some((reasoning) => reasoning.isOwn);
  const restore = createReasoningRestorer({
    returnedAs,
    isDemanded: wantsReasoningBack(thinking, { thinkingIsOn, withoutOpaqueReasoning, isOwnHistory }),
    unknownReasoning,
  });
  return (turn, index) => {
    const reasoning = reasonings[index] ?? noReasoning;
    const { tool_calls, ...message } = convertAssistantTurn(turn, reasoning, assistant);
    const hasToolCalls = tool_calls !== undefined;
    const restored = restore(reasoning, { hasToolCalls, isInRunningLoop: index > lastSpokenIndex });
    return { ...message, ...restored, ...(hasToolCalls && { tool_calls }) };
  };
}

function readTurn(turn: AssistantTurn, reader: ReasoningReader): TurnReasoning {
  const blocks = turn.items.filter(isReasoningBlock);
  return blocks.length === 0 ? noReasoning : readReasoning(blocks, reader);
}
