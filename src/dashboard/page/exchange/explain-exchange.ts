import type { PrefixBreak, RecordedRequest } from "../../../record/recorded-request.ts";
import { countCacheShare, formatDuration, formatShare, formatUsd, formatWhole } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { isCacheBroken } from "../requests/describe-request.ts";
import { describePlace } from "./describe-place.ts";

/** In one or two sentences what chose the model. */
export function explainModel(
  request: Pick<RecordedRequest, "clientModel" | "rule" | "upstream" | "model" | "family" | "protocol">,
): string {
  const { clientModel, rule, upstream, model, family, protocol } = request;
  const asked = clientModel === null ? "The request named no model." : `The client asked for ${clientModel}.`;
  if (model === null && upstream === null) return toVisibleText(`${asked} No model was chosen.`);
  const target = upstream === null ? model : `${model ?? "a model"} at ${upstream}`;
  const chosen = rule === null ? `It went to ${target}` : `${rule} chose ${target}`;
  const spoken = [
    family === null ? null : `as family ${family}`,
    protocol === null ? null : `on the wire “${protocol}”`,
  ].filter((part) => part !== null);
  return toVisibleText(`${asked} ${[chosen, ...spoken].join(", ")}.`);
}

/** In words what it cost, and who says so. */
export function explainCost(
  request: Pick<RecordedRequest, "costUsd" | "costSource" | "usageEstimated" | "outputTokens">,
): string {
  const { costUsd, costSource, usageEstimated, outputTokens } = request;
  if (costUsd !== null) {
    const source = costSource === "upstream" ? "as the upstream says" : "tokens times the price of the model";
    return `${formatUsd(costUsd)}, ${source}.`;
  }
  if (outputTokens === null) return "Unknown, as nothing was answered that counts.";
  if (usageEstimated) return "Unknown, as the upstream did not count its tokens; the counts are ours.";
  return "Unknown, as no price of this model is known. Set it as price in models of config.yaml.";
}

/** In words how full the window is, and what came from the cache; empty if the prompt is not known. */
export function explainContext(request: RecordedRequest, prompt: number | null): string {
  if (prompt === null) return "";
  const share = countCacheShare(request);
  const cache = share === null ? "" : ` ${formatShare(share)} of the prompt came from the cache.`;
  if (request.window === null) return `The window of the model is not known.${cache}`;
  const fill = (prompt + (request.outputTokens ?? 0)) / request.window;
  return `${formatShare(fill)} of the window of ${formatWhole(request.window)} tokens.${cache}`;
}

/** In words when it began to answer, how long it took, and how often it was sent. */
export function explainTime({
  firstByteMs,
  durationMs,
  tokensPerSecond,
  sends,
}: Pick<RecordedRequest, "firstByteMs" | "durationMs" | "tokensPerSecond" | "sends">): string {
  const parts = [
    `${formatDuration(durationMs)} in all`,
    firstByteMs === null ? null : `the first byte after ${formatDuration(firstByteMs)}`,
    tokensPerSecond === null ? null : `${formatSpeed(tokensPerSecond)} tokens a second`,
    sends > 1 ? `sent ${sends} times` : null,
  ];
  return `${parts.filter((part) => part !== null).join(", ")}.`;
}

function formatSpeed(tokensPerSecond: number): string {
  return tokensPerSecond < 100 ? tokensPerSecond.toFixed(1) : formatWhole(tokensPerSecond);
}

/** In words how far this request began like the one before it. */
export function explainPrefix(prefix: PrefixBreak): string {
  const { sameBytes, previousBytes, place } = prefix;
  if (!isCacheBroken(prefix)) return "Not broken: this request only continues the turn before.";
  const what = describePlace(place ?? "");
  return toVisibleText(
    `Broken: ${what} is not as in the turn before. Only the first ${formatWhole(sameBytes)} of its ${formatWhole(previousBytes)} bytes are the same; from there on no cache can be used.`,
  );
}
