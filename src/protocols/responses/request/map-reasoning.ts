import type { ResponsesReasoningDialect } from "../../../profiles/responses-dialect.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import { findLevel, settleThinking } from "../../../translate/conversation/thinking-wish.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ResponsesRequest } from "../responses-request.ts";

export interface MappedReasoning {
  fields: Pick<ResponsesRequest, "reasoning">;
  /** The request does not switch thinking off, and the model thinks, on request or by default. */
  isOn: boolean;
  /** Encrypted reasoning is asked for. */
  includesEncrypted: boolean;
}

/** Writes the client's settings for thinking (rule 21). Tools change nothing in them on this wire. */
export function mapReasoning(
  { thinking: wish, thinkingDisplay, tools }: Pick<Asked, "thinking" | "thinkingDisplay" | "tools">,
  dialect: ResponsesReasoningDialect,
  notes: RequestNotes,
): MappedReasoning {
  const { takesEffort, takesSummary, onByDefault, returnedAs, levels } = dialect;
  const isOn = settleThinking(wish, dialect, notes);
  const reasons = takesEffort || onByDefault;
  const isOff = wish.state === "off" && !isOn;
  const includesEncrypted = returnedAs === "encrypted" && reasons && !isOff;
  const named = takesEffort && wish.state !== "unset" ? findLevel(wish, levels) : null;
  // OpenAI refuses the search with the least level.
  const level = named === "minimal" && tools.serverTools.length > 0 ? "low" : named;
  const isSummarized = takesSummary && reasons && wish.state === "on" && thinkingDisplay === "shown";
  const reasoning = {
    ...(level !== null && { effort: level }),
    ...(isSummarized && { summary: "auto" as const }),
  };
  const fields = level === null && !isSummarized ? {} : { reasoning };
  return { fields, isOn, includesEncrypted };
}
