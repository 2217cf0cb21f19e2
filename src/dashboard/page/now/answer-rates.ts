import type { RunningRequest } from "../../dashboard-api.ts";

/** What one request had been sent when the server was asked. */
type Running = Pick<RunningRequest, "requestId" | "elapsedMs" | "answerBytes">;

/**
 * Bytes a second of each running answer, by request id, from two questions after each other. Requests that the first of
 * them did not know have no rate yet.
 */
export function countAnswerRates(
  before: readonly Running[],
  now: readonly Running[],
): ReadonlyMap<string, number> {
  const earlier = new Map(before.map((request) => [request.requestId, request]));
  const rates = new Map<string, number>();
  for (const { requestId, elapsedMs, answerBytes } of now) {
    const start = earlier.get(requestId);
    if (start === undefined || elapsedMs <= start.elapsedMs) continue;
    const bytes = Math.max(0, answerBytes - start.answerBytes);
    rates.set(requestId, (bytes * 1000) / (elapsedMs - start.elapsedMs));
  }
  return rates;
}
