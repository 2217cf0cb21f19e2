import type { SentParts } from "./sent-parts.ts";
import type { SharedRepair } from "./shared-repair.ts";

const besideThinking =
  /thinking mode does not support this tool_choice|does not support being set to required or object in thinking mode|is incompatible with thinking enabled|thinking may not be enabled when tool_choice forces/;

/** OpenRouter: none of the model's providers accepts the field. */
const ofNobody = /\bfound that support [^.]{0,40}tool_choice/;

/**
 * Rule 1.3, row `any`: the repair for a forced choice that is refused, or null. `text` is in lower case.
 * @param thinkingOff how thinking is switched off; null if it cannot be
 */
export function findChoiceRepair<Off extends object>(
  text: string,
  sent: SentParts,
  thinkingOff: Off | null,
): SharedRepair<Off> | null {
  if (!sent.isChoiceForced) return null;
  const isOfNobody = ofNobody.test(text);
  if (!isOfNobody && !besideThinking.test(text)) return null;
  // For this request only: the model may think because of it, and accept a choice in another form.
  if (isOfNobody || thinkingOff === null)
    return { kind: "free-tool-choice", as: "omitted", scope: "request" };
  return { ...thinkingOff, kind: "thinking-off-for-forced-choice", scope: "model" };
}
