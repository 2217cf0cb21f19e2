import type { ListedRequest } from "../../../record/record-reader.ts";

/** How far the count before sending was from what the upstream charged. */
export interface EstimateError {
  readonly requestId: string;
  readonly timeMs: number;
  readonly model: string | null;
  readonly estimatedTokens: number | null;
  /** Above zero: too much was counted. */
  readonly errorPercent: number;
}

export interface EstimateSummary {
  readonly requests: number;
  /** Both without their signs. */
  readonly medianPercent: number;
  readonly worstPercent: number;
}

type Estimated = Pick<
  ListedRequest,
  "requestId" | "timeMs" | "model" | "estimatedTokens" | "estimateErrorPercent"
>;

/** The errors of the requests that have one, oldest first. */
export function listEstimateErrors(requests: readonly Estimated[]): readonly EstimateError[] {
  return requests
    .flatMap(({ requestId, timeMs, model, estimatedTokens, estimateErrorPercent }) =>
      estimateErrorPercent === null
        ? []
        : [{ requestId, timeMs, model, estimatedTokens, errorPercent: estimateErrorPercent }],
    )
    .toSorted((a, b) => a.timeMs - b.timeMs);
}

/** Their median and worst; null if there are none. */
export function sumUpEstimateErrors(errors: readonly EstimateError[]): EstimateSummary | null {
  const sizes = errors.map(({ errorPercent }) => Math.abs(errorPercent)).toSorted((a, b) => a - b);
  const middle = Math.floor((sizes.length - 1) / 2);
  const [low, high] = [sizes[middle], sizes[Math.floor(sizes.length / 2)]];
  const worstPercent = sizes.at(-1);
  if (low === undefined || high === undefined || worstPercent === undefined) return null;
  return { requests: sizes.length, medianPercent: (low + high) / 2, worstPercent };
}
