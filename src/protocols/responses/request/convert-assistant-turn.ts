import type { ResponsesMessageDialect } from "../../../profiles/responses-dialect.ts";
import { addAll } from "../../../translate/add-all.ts";
import { afterBlankLine, joinTexts } from "../../../translate/conversation/join-texts.ts";
import type { AssistantTurn } from "../../../translate/conversation/turn.ts";
import { objectOfInput } from "../../../translate/tools/object-of-input.ts";
import type { ToolIds } from "../../../translate/tools/tool-ids.ts";
import type { ToolNames } from "../../../translate/tools/tool-names.ts";
import type {
  AssistantMessageItem,
  FunctionCallItem,
  InputItem,
  ReasoningItem,
} from "../responses-request.ts";
import { createTextItem, type ReasoningRestorer } from "./restore-reasoning-items.ts";

/** The facts about the request that the conversion of an assistant turn needs. */
export interface AssistantContext {
  dialect: ResponsesMessageDialect;
  toolIds: ToolIds;
  toolNames: ToolNames;
  restorer: ReasoningRestorer;
}

/** A part of a turn before neighbouring texts become one message. */
type Piece = { type: "text"; text: string } | ReasoningItem | FunctionCallItem;

/**
 * Converts a turn to input items in the order of its blocks (rules 22.1, 22.4, 22.5). `index` is that of the turn in the
 * conversation. The turn contains a text or a call.
 */
export function convertAssistantTurn(
  turn: AssistantTurn,
  index: number,
  context: AssistantContext,
): InputItem[] {
  const { restorer, dialect } = context;
  const pieces = withReasoningBefore(listPieces(turn, index, context));
  const { standIn } = restorer;
  if (standIn !== null && !pieces.some(isReasoning)) pieces.unshift(createTextItem(standIn));
  if (!dialect.callsAdjacent) return joinPieces(pieces, dialect);
  const calls = pieces.filter(isCall);
  return joinPieces([...pieces.filter((piece) => !isCall(piece)), ...calls], dialect);
}

function listPieces(turn: AssistantTurn, index: number, context: AssistantContext): Piece[] {
  const { restorer, toolIds, toolNames } = context;
  const pieces: Piece[] = [];
  for (const item of turn.items) {
    if (item.type === "text") pieces.push(item);
    else if (item.type === "tool_use") {
      const name = toolNames(item.name);
      pieces.push({
        type: "function_call",
        call_id: toolIds(item.id, name),
        name,
        arguments: JSON.stringify(objectOfInput(item.input)),
      });
    } else addAll(pieces, restorer.restore(item, index));
  }
  return pieces;
}

/** Reasoning behind everything else goes before the last run of texts and calls, which it produced (rule 22.4d). */
function withReasoningBefore(pieces: Piece[]): Piece[] {
  const end = pieces.findLastIndex((piece) => !isReasoning(piece)) + 1;
  if (end === pieces.length) return pieces;
  const start = pieces.findLastIndex((piece, index) => index < end && isReasoning(piece)) + 1;
  return [...pieces.slice(0, start), ...pieces.slice(end), ...pieces.slice(start, end)];
}

function joinPieces(pieces: readonly Piece[], dialect: ResponsesMessageDialect): InputItem[] {
  const lastCall = pieces.findLastIndex(isCall);
  const items: InputItem[] = [];
  let run: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece.type !== "text") {
      items.push(piece);
      continue;
    }
    run.push(piece.text);
    if (pieces[index + 1]?.type === "text") continue;
    items.push(createMessage(joinTexts(run, afterBlankLine), index < lastCall, dialect));
    run = [];
  }
  return items;
}

/** Without its phase a model takes a remark before a call for its answer, and stops early (rule 22.5). */
function createMessage(
  text: string,
  isBeforeCall: boolean,
  { assistantText, phase }: ResponsesMessageDialect,
): AssistantMessageItem {
  return {
    type: "message",
    role: "assistant",
    content: assistantText === "string" ? text : [{ type: "output_text", text, annotations: [] }],
    ...(phase && { phase: isBeforeCall ? "commentary" : "final_answer" }),
  };
}

function isReasoning(piece: Piece): piece is ReasoningItem {
  return piece.type === "reasoning";
}

function isCall(piece: Piece): piece is FunctionCallItem {
  return piece.type === "function_call";
}
