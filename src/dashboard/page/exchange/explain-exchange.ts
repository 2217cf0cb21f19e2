import type { PrefixBreak, RecordedRequest } from "../../../record/recorded-request.ts";
import { countCacheShare, formatShare, formatUsd, formatWhole } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";

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
    return `Cost: ${formatUsd(costUsd)}, ${source}.`;
  }
  if (outputTokens === null) return "Cost: unknown, as nothing was answered that counts.";
  if (usageEstimated) return "Cost: unknown, as the upstream did not count its tokens; the counts are ours.";
  return "Cost: unknown, as no price of this model is known. Set it as price in models of config.yaml.";
}

/** In words how full the window is, and what came from the cache; empty if the prompt is not known. */
export function explainContext(request: RecordedRequest, prompt: number | null): string {
  if (prompt === null) return "";
  const share = countCacheShare(request);
  const cache = share === null ? "" : ` ${formatShare(share)} of the prompt came from the cache.`;
  if (request.window === null) return `The window of the model is not known.${cache}`;
  const fill = (prompt + (request.outputTokens ?? 0)) / request.window;
  return `Context: ${formatShare(fill)} of ${formatWhole(request.window)} tokens.${cache}`;
}

/** Whether something in the middle of the request before has changed. */
export function isBroken({ sameBytes, previousBytes, place }: PrefixBreak): boolean {
  return place !== null && sameBytes < previousBytes;
}

/** In words how far this request began like the one before it. */
export function explainPrefix(prefix: PrefixBreak): string {
  const { sameBytes, previousBytes, place } = prefix;
  if (!isBroken(prefix)) {
    return `All ${formatWhole(sameBytes)} bytes of the turn before were the same: this one only continues it.`;
  }
  return toVisibleText(
    `The first ${formatWhole(sameBytes)} of ${formatWhole(previousBytes)} bytes were the same as in the turn before; then ${place} changed. From there on no cache can be used.`,
  );
}
