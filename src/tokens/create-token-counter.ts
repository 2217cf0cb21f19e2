import { createCalibration } from "./calibration.ts";
import { createQuietLearning } from "./learn-when-quiet.ts";
import { listRequestParts } from "./list-request-parts.ts";
import { createPartCounter, type PartCounts } from "./part-counter.ts";
import { createPart, type RequestPart } from "./request-part.ts";
import { applyFactor } from "./start-factor.ts";
import type { TokenCounter, TokenEstimate } from "./token-counter.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";

export interface TokenCounterOptions {
  /** The file that keeps what was learned, e.g. `token-calibration.json` in the state folder; null keeps nothing. */
  calibrationFilePath: string | null;
  /** `host[:port]` of the upstream. */
  upstreamHost: string;
  /** Told when counting falls back on a guess, or when the file cannot be read or written. */
  warn(message: string, cause: unknown): void;
  /** A thread of its own when not given; `close` ends it either way. */
  tokenizer?: Tokenizer;
  /** How long no answer may have come before the charges of earlier ones are learned from; default 3 s. */
  quietMs?: number;
}

const defaultQuietMs = 3_000;

/** The one place that says how many tokens a request is (rule 7). */
export function createTokenCounter(options: TokenCounterOptions): TokenCounter {
  const { calibrationFilePath: filePath, upstreamHost, warn } = options;
  const calibration = createCalibration({ filePath, upstreamHost, warn });
  const counter = createPartCounter({ tokenizer: options.tokenizer ?? createTokenizer(), warn });

  const estimateOf = (model: string, { counts, isGuess }: PartCounts): TokenEstimate => {
    const rawTokens = counts.reduce((sum, count) => sum + count, 0);
    return { tokens: applyFactor(rawTokens, calibration.factor(model)), rawTokens, isGuess };
  };
  const estimate = async (model: string, parts: readonly RequestPart[]) =>
    estimateOf(model, await counter.countParts(parts));

  const learn: TokenCounter["learn"] = (model, { tokens, rawTokens, isGuess }, promptTokens) => {
    if (!Number.isFinite(promptTokens) || promptTokens <= 0) return null;
    if (!isGuess && rawTokens > 0) calibration.learn(model, rawTokens, promptTokens);
    return ((tokens - promptTokens) / promptTokens) * 100;
  };
  const quietLearning = createQuietLearning(async (chatRequest, promptTokens) => {
    const counted = await estimate(chatRequest.model, listRequestParts(chatRequest));
    learn(chatRequest.model, counted, promptTokens);
  }, options.quietMs ?? defaultQuietMs);

  return {
    countChatRequest: (chatRequest) => estimate(chatRequest.model, listRequestParts(chatRequest)),
    guessChatRequest: (chatRequest) =>
      estimateOf(chatRequest.model, counter.guessParts(listRequestParts(chatRequest))),
    async countText(model, text) {
      return (await estimate(model, [createPart("message", "text", 0, text)])).tokens;
    },
    learn,
    learnLater: (chatRequest, promptTokens) => {
      if (promptTokens > 0) quietLearning.note(chatRequest, promptTokens);
    },
    async close() {
      quietLearning.stop();
      counter.close();
      await calibration.flush();
    },
  };
}
