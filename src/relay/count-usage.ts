import type { AnswerTranslator, UsageEstimate } from "../translate/answer/answer-translator.ts";
import type { AnswerReaderOptions } from "./answer-reader-options.ts";

/** Counts the usage of an answer that came without it. */
export async function countUsage<Item>(
  { outputText: { beginning, lengths } }: AnswerTranslator<Item>,
  { countInputTokens, countOutputTokens }: AnswerReaderOptions<Item>,
): Promise<UsageEstimate> {
  const [outputTokens, inputTokens] = await Promise.all([countOutputTokens(beginning), countInputTokens()]);
  return { inputTokens, outputTokens: Math.round(outputTokens * lengths) };
}
