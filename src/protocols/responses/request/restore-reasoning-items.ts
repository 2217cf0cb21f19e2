import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { ResponsesReasoningDialect } from "../../../profiles/responses-dialect.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import { wantsReasoningBack } from "../../../translate/conversation/thinking-wish.ts";
import type { Turn } from "../../../translate/conversation/turn.ts";
import { createEnvelopeBudget } from "../../../translate/reasoning/decode-envelope.ts";
import {
  isReasoningBlock,
  type ReasoningBlock,
  type ReasoningReader,
  readReasoning,
  type TurnReasoning,
} from "../../../translate/reasoning/read-reasoning.ts";
import type { ConversionOptions } from "../../request-builder.ts";
import type { ReasoningItem } from "../responses-request.ts";

/** Returns the reasoning that goes back. Called for the blocks in their order, once each. */
export interface ReasoningRestorer {
  /** The items of a block in the assistant turn with this index (rule 22.4). */
  restore(block: ReasoningBlock, turnIndex: number): readonly ReasoningItem[];
  /** The text of an assistant turn without reasoning; null if the upstream demands none. */
  standIn: string | null;
}

const nothing: ReasoningRestorer = { restore: () => [], standIn: null };

/** Creates the restorer of one request. It remembers blobs, because each is sent once (rule 22.4e). */
export function createReasoningRestorer(
  asked: Pick<Asked, "turns" | "lastSpokenIndex" | "thinking">,
  context: ConversionOptions,
): ReasoningRestorer {
  const { thinkingIsOn, withoutOpaqueReasoning = false, withReasoningIds = false } = context;
  const { returnedAs, unknownAs, itemIds } = context.profile.responses.reasoning;
  if (returnedAs === "none") return nothing;
  const readings = readBlocks(asked.turns, { ...context, envelopes: createEnvelopeBudget() });
  const isOwnHistory = readings.values().some(({ isOwn }) => isOwn);
  const isDemanded = wantsReasoningBack(asked.thinking, {
    thinkingIsOn,
    withoutOpaqueReasoning,
    isOwnHistory,
  });
  const form = { returnedAs, hasIds: itemIds === "reasoning" || withReasoningIds };
  const takesText = isDemanded && !(returnedAs === "text-as-encrypted" && withoutOpaqueReasoning);
  const firstTurn = context.newestReasoningOnly ? asked.lastSpokenIndex : 0;
  const sent = new Set<unknown>();
  return {
    restore(block, turnIndex) {
      const reasoning = readings.get(block);
      if (reasoning === undefined || turnIndex < firstTurn) return [];
      const opaque = convertDetails(reasoning.details ?? [], form);
      if (opaque.length === 0) return takesText ? convertText(reasoning.text, form) : [];
      return opaque.filter(({ encrypted_content: blob }) => {
        const isNew = !sent.has(blob);
        sent.add(blob);
        return isNew;
      });
    },
    standIn: returnedAs === "text-always" && isDemanded ? (context.emptyReasoningAs ?? unknownAs) : null,
  };
}

function readBlocks(
  turns: readonly Turn[],
  reader: ReasoningReader,
): ReadonlyMap<ReasoningBlock, TurnReasoning> {
  const readings = new Map<ReasoningBlock, TurnReasoning>();
  for (const turn of turns) {
    if (turn.role === "user") continue;
    for (const item of turn.items) {
      if (isReasoningBlock(item)) readings.set(item, readReasoning([item], reader));
    }
  }
  return readings;
}

interface ItemForm {
  returnedAs: ResponsesReasoningDialect["returnedAs"];
  /** Items have the id that they came with; the upstream refuses one without (rule 22.3). */
  hasIds: boolean;
}

/** The items with a blob. The summary is a copy for people, so it stays out (rule 22.4b). */
function convertDetails(details: readonly unknown[], { hasIds }: ItemForm): ReasoningItem[] {
  return details.flatMap((detail): ReasoningItem[] => {
    if (!isJsonObject(detail) || detail["type"] !== "reasoning") return [];
    const { format, signature } = detail;
    const id = nonEmptyString(detail["id"]);
    const blob = nonEmptyString(detail["encrypted_content"]);
    if (blob === undefined || (hasIds && id === undefined)) return [];
    return [
      {
        type: "reasoning",
        ...(hasIds && id !== undefined && { id }),
        summary: [],
        encrypted_content: blob,
        ...(format !== undefined && { format }),
        ...(signature !== undefined && { signature }),
      },
    ];
  });
}

/** Reasoning that is known as text only. Servers refuse an empty one, and no text has an id. */
function convertText(text: string, { returnedAs, hasIds }: ItemForm): ReasoningItem[] {
  if (text === "" || hasIds) return [];
  switch (returnedAs) {
    case "text":
    case "text-always":
      return [createTextItem(text)];
    case "text-as-encrypted":
      return [{ type: "reasoning", summary: [], encrypted_content: text }];
    default:
      return [];
  }
}

/** Reasoning as plain text. */
export function createTextItem(text: string): ReasoningItem {
  return { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text }] };
}
