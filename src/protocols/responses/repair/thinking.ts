import type { ResponsesRequest } from "../responses-request.ts";

/** True if the request asks the model to think. */
export function asksForThinking({ reasoning }: ResponsesRequest): boolean {
  return reasoning !== undefined && reasoning.effort !== "none";
}

/** The request without a wish to think; the same object if there is none. */
export function omitThinking(sent: ResponsesRequest): ResponsesRequest {
  if (!asksForThinking(sent)) return sent;
  const { reasoning: _reasoning, ...rest } = sent;
  return rest;
}

/** The request with another level instead of `level`, or with none; the same object if it does not name that level. */
export function replaceLevel(sent: ResponsesRequest, level: string, as: string | null): ResponsesRequest {
  if (sent.reasoning?.effort !== level) return sent;
  const { effort: _effort, ...others } = sent.reasoning;
  if (as !== null) return { ...sent, reasoning: { effort: as, ...others } };
  if (Object.keys(others).length > 0) return { ...sent, reasoning: others };
  const { reasoning: _reasoning, ...rest } = sent;
  return rest;
}

/** The request with thinking off, in words of the model; the same object if it is off already. */
export function switchThinkingOff(sent: ResponsesRequest, off: string): ResponsesRequest {
  return sent.reasoning?.effort === off ? sent : { ...sent, reasoning: { effort: off } };
}
