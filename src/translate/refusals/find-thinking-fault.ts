import type { SentParts } from "./sent-parts.ts";
import type { SharedRepair } from "./shared-repair.ts";

const refused =
  /\bnot? (?:support|allow|accept|valid|know)|\bnot available\b|\bunsupported\b|\binvalid\b|\bunknown\b/;

const speaksOfThinking = /\b(?:think|thinking|reasoning|effort)\b/;

/** Thinking itself is refused, and not something else while the model thinks. */
const noThinking =
  /\b(?:not|n't|cannot) support (?:the |any )?(?:extended |adaptive |hybrid )?["'`]?(?:thinking|reasoning)\b|\b(?:thinking|reasoning)["'`]?(?: mode| tokens?| effort)? (?:is |are )?(?:not (?:supported|available|enabled|allowed)|unsupported)\b|\bfound that support (?:thinking|reasoning)\b|\bnot a (?:thinking|reasoning) model\b/;

const beside = /\bwhen\b|\bwhile\b|\btogether\b|\bcombin|\bunless\b|\bwith (?:tool|function|stream)/;

/**
 * Rule R0: the repair for an error about thinking that does not name the field for it, or null: the model does not know
 * the level, or cannot think. `text` is in lower case.
 */
export function findThinkingFault(text: string, sent: SentParts): SharedRepair | null {
  const level = sent.thinkingLevel;
  if (level !== null && speaksOfThinking.test(text) && refused.test(text) && names(text, level)) {
    return { kind: "omit-thinking-level", level, scope: "model" };
  }
  if (!sent.asksForThinking || !noThinking.test(text)) return null;
  return { kind: "omit-thinking", scope: beside.test(text) ? "request" : "model" };
}

/** Words behind which the supported levels are listed. */
export const beginsList = /\bmust be\b|\bexpected\b|\bone of\b|\bsupported values\b/;

/** Whether the level occurs as a word of its own: the levels after "must be" are the supported ones. */
function names(text: string, level: string): boolean {
  const [said = ""] = text.split(beginsList);
  return (said.match(/\w+/g) ?? []).some((word) => word === level.toLowerCase());
}
