import { readWholeNumber } from "../../json/whole-number.ts";
import type { ContextOverflow } from "../failures/context-overflow.ts";
import type { ErrorFacts } from "../failures/error-facts.ts";
import type { SentParts } from "./sent-parts.ts";
import type { SharedRepair } from "./shared-repair.ts";

/** Tokens left free below the window: the upstream's count of the prompt may grow with the request. */
const windowMargin = 256;
/** Less output than this is not worth a request: the client can shorten its prompt. */
const leastInWindow = 2048;
const rateMargin = 64;
const leastInRate = 1024;

/** The largest output that a model or an account allows, in the words of the various servers. */
const ceilings = [
  // OpenAI
  /max(?:_completion|_output)?_tokens is too large: \d+\. this model supports at most (\d+)/,
  // Anthropic
  /max_tokens: \d+ > (\d+), which is the maximum allowed/,
  // DeepSeek, Qwen
  /range of max_tokens (?:is|should be) \[\d+, ?(\d+)\]/,
  // Groq
  /max(?:_completion|_output)?_tokens`? must be less than or equal to `?(\d+)/,
  /max(?:_completion|_output)?_tokens[\s\S]{0,80}maximum (?:allowed|value)[^\d]{0,40}(\d+)/,
];

/** OpenAI's Responses API, which OpenRouter uses for its OpenAI models, accepts no fewer than 16. */
const leastOutput = /max_(?:output|completion)?_?tokens[\s\S]{0,40}below minimum value[^\d]{0,40}(\d+)/;

/** The least output limit that an error names (rule 1.1 `max_tokens`), or null. */
export function findOutputFloor(facts: ErrorFacts, sent: SentParts): SharedRepair | null {
  const asked = sent.outputLimit;
  const minTokens = readWholeNumber(leastOutput.exec(facts.text.toLowerCase())?.[1]) ?? 0;
  if (asked === undefined || minTokens <= asked) return null;
  return { kind: "raise-output", minTokens, scope: "model" };
}

/**
 * The output limit that fits into the window beside the prompt (rule 5.3). Null if the prompt alone is too long or too
 * little would be left.
 */
export function fitOutputIntoWindow(overflow: ContextOverflow, sent: SentParts): SharedRepair | null {
  const { inputTokens, maxTokens, limit } = overflow;
  if (inputTokens === null || maxTokens === null || limit === null) return null;
  return cap(limit - inputTokens - windowMargin, leastInWindow, "request", sent);
}

/** The output limit that an error names: the model's maximum, a limit per minute or the rest of the credit. */
export function findOutputCap(facts: ErrorFacts, sent: SentParts): SharedRepair | null {
  const text = facts.text.toLowerCase().replace(/(?<=\d),(?=\d{3})/g, "");
  const rate = /tokens per min[\s\S]*?limit (\d+)[\s\S]*?requested (\d+)/.exec(text);
  if (rate !== null) {
    // Groq counts the requested output as used.
    const excess = (readWholeNumber(rate[2]) ?? Number.POSITIVE_INFINITY) - (readWholeNumber(rate[1]) ?? 0);
    return cap((sent.outputLimit ?? 0) - excess - rateMargin, leastInRate, "request", sent);
  }
  const affordable = /can only afford (\d+)/.exec(text);
  if (affordable !== null) return cap(readWholeNumber(affordable[1]) ?? 0, leastInRate, "request", sent);
  for (const ceiling of ceilings) {
    const found = ceiling.exec(text);
    if (found !== null) return cap(readWholeNumber(found[1]) ?? 0, 1, "model", sent);
  }
  return null;
}

function cap(
  maxTokens: number,
  least: number,
  scope: "request" | "model",
  sent: SentParts,
): SharedRepair | null {
  const asked = sent.outputLimit;
  if (asked === undefined || maxTokens < least || maxTokens >= asked) return null;
  return { kind: "cap-output", maxTokens, scope };
}
