/**
 * Prompt tokens per o200k_base token before anything was learned, by model id; the first match counts. Source: rule 7.
 */
const startFactors: readonly (readonly [RegExp, number])[] = [
  [/claude-(opus|sonnet|haiku)-4[.-]([7-9]|\d\d\b)/, 1.45],
  [/claude-(opus|sonnet|haiku|fable|mythos)-([5-9]|\d\d)\b/, 1.45],
  [/claude/, 1.15],
  [/(^|\/)(gpt|chatgpt|o\d)/, 1.0],
  [/gemini/, 1.05],
];

const factorOfOthers = 1.1;

/** The initial factor for a model id such as `openai/gpt-5.1` or `qwen3-coder`. */
export function startFactor(model: string): number {
  const id = model.toLowerCase();
  return startFactors.find(([pattern]) => pattern.test(id))?.[1] ?? factorOfOthers;
}

/** Tokens that a model is expected to charge, rounded up. 1.1 is slightly more than that in binary: 100 gives 110. */
export function applyFactor(rawTokens: number, factor: number): number {
  return Math.ceil(Math.round(rawTokens * factor * 1e6) / 1e6);
}
