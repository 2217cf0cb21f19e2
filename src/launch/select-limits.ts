import type { LaunchModel, LaunchTier } from "./launch-subject.ts";

/** What the client is told of windows and answers, in tokens; null where it keeps its own idea. */
export interface LaunchLimits {
  /** Its idea of the window of every id that it does not know. */
  readonly contextTokens: number | null;
  /** The longest answer that it asks for. */
  readonly outputTokens: number | null;
  /** From when on it compacts, by the id or the tier of the model. */
  readonly compactTokens: ReadonlyMap<string, number>;
  /** The tiers for which the client has to ask by our id: its idea of the window holds for no id that it knows. */
  readonly ownTiers: ReadonlySet<LaunchTier>;
  /** The models whose windows it cannot be told. */
  readonly untold: readonly LaunchModel[];
  /** The models whose windows are too small for its prompt and tools. */
  readonly tooSmall: readonly LaunchModel[];
  /** The models with ids of their own whose windows nobody knows. */
  readonly unknown: readonly LaunchModel[];
}

/** Claude's own models: the client knows their windows, and takes no other one. */
const knownToClient = /claude-(?:(?:fable|haiku|mythos|opus|sonnet)-)?\d/i;
/** The client takes no smaller window for one model. */
const leastForOne = 100_000;
/** Its own prompt and tools take up to 20,000 tokens, and it keeps 13,000 free: below this it would only compact. */
const leastUsable = 32_768;
/** What the client asks for at most, of any model. */
const mostOutput = 128_000;
/** Answers of a small window. The client compacts when window, less answer, less 13,000, is reached. */
const mostOutputOfSmall = 8_192;

/** A window that the client can only be told as its idea of all ids that it does not know. */
function isSmall(tokens: number | null): boolean {
  return tokens !== null && tokens >= leastUsable && tokens < leastForOne;
}

/**
 * Selects what the client is told of the models' windows. It has one idea of the window of all ids that it does not
 * know: that of the session's model, else the smallest that leaves room for work. Below that idea each model may have
 * its own, if it is 100,000 or more.
 * @param model the id or the tier with which the session begins; null for the client's own choice
 * @param namesTiers whether the client can be told by which ids to ask for its tiers
 */
export function selectLimits(
  models: readonly LaunchModel[],
  model: string | null,
  namesTiers: boolean,
): LaunchLimits {
  const isUnknown = ({ id, tier }: LaunchModel) => tier === null && !knownToClient.test(id);
  const ofSession = ({ id, tier, windowTokens }: LaunchModel) =>
    id === model || (namesTiers && tier !== null && tier === model && isSmall(windowTokens));
  const first = models.find((one) => ofSession(one) && !knownToClient.test(one.id)) ?? null;
  const windows = models.filter(isUnknown).flatMap(({ windowTokens }) => windowTokens ?? []);
  const roomy = windows.filter((tokens) => tokens >= leastForOne);
  const smallest = Math.min(...(roomy.length > 0 ? roomy : windows));
  const wanted = first?.windowTokens ?? (first === null && Number.isFinite(smallest) ? smallest : null);
  const contextTokens = wanted === null || wanted < leastUsable ? null : wanted;
  const compactTokens = new Map(
    models.flatMap(({ id, tier, windowTokens }): [string, number][] =>
      windowTokens === null || windowTokens < leastForOne ? [] : [[tier ?? id, windowTokens]],
    ),
  );
  const ownTiers = new Set(
    models.flatMap(({ tier, windowTokens }) =>
      namesTiers && tier !== null && isSmall(windowTokens) && windowTokens === contextTokens ? [tier] : [],
    ),
  );
  const isTold = ({ id, tier, windowTokens }: LaunchModel) =>
    windowTokens === contextTokens && (tier === null || id === model || ownTiers.has(tier));
  return {
    contextTokens,
    outputTokens: selectOutput(first, contextTokens),
    compactTokens,
    ownTiers,
    untold: models.filter((one) => isSmall(one.windowTokens) && !isTold(one)),
    tooSmall: models.filter(({ windowTokens }) => windowTokens !== null && windowTokens < leastUsable),
    unknown: models.filter((one) => isUnknown(one) && one.windowTokens === null),
  };
}

/** The session's model has its own longest answer. A small window needs a short one, or the client compacts at once. */
function selectOutput(first: LaunchModel | null, contextTokens: number | null): number | null {
  const own = first?.maxOutputTokens ?? null;
  if (contextTokens !== null && contextTokens < leastForOne) {
    return Math.min(own ?? mostOutputOfSmall, Math.floor(contextTokens / 8), mostOutputOfSmall);
  }
  if (own === null) return null;
  // An answer of half the window would leave the conversation no more than the rest.
  const share = contextTokens === null ? own : Math.floor(contextTokens / 4);
  return Math.min(own, share, mostOutput);
}
