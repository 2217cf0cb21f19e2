import type { SentParts } from "./sent-parts.ts";

const besideThinking =
  /thinking mode does not support this tool_choice|does not support being set to required or object in thinking mode|is incompatible with thinking enabled|thinking may not be enabled when tool_choice forces/;

/** OpenRouter: none of the model's providers accepts the field. */
const ofNobody = /\bfound that support [^.]{0,40}tool_choice/;

/**
 * Rule 1.3, row `any`: why a forced choice is refused, or null if it is not. Either no provider takes one, or none is
 * taken while the model thinks. `text` is in lower case.
 */
export function findChoiceFault(text: string, sent: SentParts): "of-nobody" | "beside-thinking" | null {
  if (!sent.isChoiceForced) return null;
  if (ofNobody.test(text)) return "of-nobody";
  return besideThinking.test(text) ? "beside-thinking" : null;
}
