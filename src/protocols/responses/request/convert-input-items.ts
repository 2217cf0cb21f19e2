import { addAll } from "../../../translate/add-all.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import { createToolIds } from "../../../translate/tools/tool-ids.ts";
import type { ConversionOptions } from "../../request-builder.ts";
import type { InputItem } from "../responses-request.ts";
import { type AssistantContext, convertAssistantTurn } from "./convert-assistant-turn.ts";
import { convertUserTurn } from "./convert-user-turn.ts";
import { createReasoningRestorer } from "./restore-reasoning-items.ts";

/** A conversation while it is converted. */
export interface Conversion extends AssistantContext {
  turns: Asked["turns"];
  input: InputItem[];
}

/** Begins the input (rules 22.1 to 22.5): determines the facts that concern all turns together. */
export function beginConversion(asked: Asked, context: ConversionOptions): Conversion {
  return {
    turns: asked.turns,
    dialect: context.profile.responses.messages,
    toolIds: createToolIds("max64"),
    toolNames: asked.tools.toolNames,
    restorer: createReasoningRestorer(asked, context),
    input: [],
  };
}

/** Adds the items of the turns from one index up to another. */
export function convertTurns(conversion: Conversion, from: number, to: number): void {
  const { turns, input, toolIds, dialect } = conversion;
  for (let index = from; index < to; index += 1) {
    const turn = turns[index];
    if (turn?.role === "user") addAll(input, convertUserTurn(turn, toolIds, dialect));
    else if (turn !== undefined) addAll(input, convertAssistantTurn(turn, index, conversion));
  }
}
