import { type Calibration, createCalibration } from "./calibration.ts";
import { withKey } from "./count-memory.ts";
import { ChargeLearning } from "./learn-charges.ts";
import { createPartCounter, guessTokens, type PartCounter } from "./part-counter.ts";
import { applyFactor } from "./start-factor.ts";
import type { TokenCounter, TokenEstimate } from "./token-counter.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";

export interface TokenCounterOptions {
  /** The file that keeps what was learned, e.g. `token-calibration.json` in the state folder; null keeps nothing. */
  calibrationFilePath: string | null;
  /** Files that may have it from earlier versions; default none. */
  formerCalibrationPaths?: readonly string[];
  /** `host[:port]` of the upstream. */
  upstreamHost: string;
  /** Called if counting falls back on a guess, or if the file cannot be read or written. */
  warn(message: string, cause: unknown): void;
  /** By default a tokenizer on a thread of its own; `close` ends it either way. */
  tokenizer?: Tokenizer;
  /** How long no answer may have come before the new texts of earlier requests are counted; default 3 s. */
  quietMs?: number;
}

/** Counts the tokens of requests (rule 7); no other code does. */
export function createTokenCounter(options: TokenCounterOptions): TokenCounter {
  const { calibrationFilePath: filePath, formerCalibrationPaths: formerPaths = [] } = options;
  const { upstreamHost, warn, quietMs } = options;
  const calibration = createCalibration({ filePath, formerPaths, upstreamHost, warn });
  const counter = createPartCounter({ tokenizer: options.tokenizer ?? createTokenizer(), warn });
  const counters = new Map<string, TokenCounter>();
  const learnings: ChargeLearning[] = [];
  const at = (host: string): TokenCounter => {
    const known = counters.get(host);
    if (known !== undefined) return known;
    const ofHost = calibration.at(host);
    const learning = new ChargeLearning({
      counter,
      learn: ofHost.learn,
      ...(quietMs === undefined ? {} : { quietMs }),
    });
    learnings.push(learning);
    const created = createCounterAt({ calibration: ofHost, counter, learning, at, close });
    counters.set(host, created);
    return created;
  };
  const close = async () => {
    for (const learning of learnings) learning.close();
    counter.close();
    await calibration.flush();
  };
  return at(upstreamHost);
}

/** The counter for one upstream, and what it shares with those for others. */
interface CounterParts extends Pick<TokenCounter, "at" | "close"> {
  calibration: Calibration;
  counter: PartCounter;
  learning: ChargeLearning;
}

function createCounterAt({ calibration, counter, learning, at, close }: CounterParts): TokenCounter {
  const estimateOf = (model: string, rawTokens: number, isGuess: boolean): TokenEstimate => ({
    tokens: applyFactor(rawTokens, calibration.factor(model)),
    rawTokens,
    isGuess,
  });
  const recall: TokenCounter["recall"] = (model, parts) => ({ model, ...counter.recallParts(parts) });
  const count: TokenCounter["count"] = async ({ model, knownTokens, uncounted }) => {
    const counts = await counter.countItems(uncounted);
    const rawTokens = counts.reduce((sum, { tokens }) => sum + tokens, knownTokens);
    const isGuess = counts.some((item) => item.isGuess);
    return estimateOf(model, rawTokens, isGuess);
  };

  return {
    get isAwake() {
      return counter.isAwake;
    },
    countParts: (model, parts) => count(recall(model, parts)),
    recall,
    guess({ model, knownTokens, uncounted }) {
      const rawTokens = uncounted.reduce((sum, { item }) => sum + guessTokens(item), knownTokens);
      return estimateOf(model, rawTokens, uncounted.length > 0);
    },
    count,
    async countText(model, text) {
      const uncounted = [withKey({ kind: "text", content: text })];
      return (await count({ model, knownTokens: 0, uncounted })).tokens;
    },
    learn(model, { tokens, rawTokens, isGuess }, promptTokens) {
      if (!isCharge(promptTokens)) return null;
      if (!isGuess) learning.note({ model, promptTokens, knownTokens: rawTokens, uncounted: [] });
      return ((tokens - promptTokens) / promptTokens) * 100;
    },
    learnLater(request, promptTokens) {
      if (isCharge(promptTokens)) learning.note({ ...request, promptTokens });
    },
    at,
    adoptFactors: calibration.adopt,
    close,
  };
}

/** Some servers report a usage of zero. */
function isCharge(promptTokens: number): boolean {
  return Number.isFinite(promptTokens) && promptTokens > 0;
}
