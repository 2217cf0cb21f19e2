import type { PrefixBreak, RecordedRequest } from "../../../record/recorded-request.ts";
import { formatUsd, unknownText } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";

/** Whether the client received an error, or went away. */
export function isFailed({ status, errorType }: Pick<RecordedRequest, "status" | "errorType">): boolean {
  return errorType !== null || status >= 400;
}

/** Whether something in the middle of the request before has changed. */
export function isCacheBroken({ sameBytes, previousBytes, place }: PrefixBreak): boolean {
  return place !== null && sameBytes < previousBytes;
}

/** The error in one line; empty if there is none. */
export function describeError(
  request: Pick<RecordedRequest, "status" | "errorType" | "errorMessage">,
): string {
  if (!isFailed(request)) return "";
  if (request.errorType === null) return request.status === 499 ? "the client went away" : "";
  return toVisibleText([request.errorType, request.errorMessage].filter((part) => part !== null).join(": "));
}

/** The kinds that say no more than that an agent asked. */
const usualKinds: ReadonlySet<string> = new Set(["main", "subagent"]);

/** Who asked: the sub-agent, or the kind of the request. */
export function describeAsker({
  agentType,
  agentId,
  kind,
}: Pick<RecordedRequest, "agentType" | "agentId" | "kind">): string {
  const agent = agentType ?? (agentId === null ? null : "sub-agent");
  if (agent === null) return toVisibleText(kind ?? "");
  return toVisibleText(kind === null || usualKinds.has(kind) ? agent : `${agent}, ${kind}`);
}

/** What was asked for and what answered: `claude-opus-4-6 → glm-4.6`. */
export function describeModels({
  clientModel,
  model,
}: Pick<RecordedRequest, "clientModel" | "model">): string {
  if (clientModel === null || clientModel === model) return toVisibleText(model ?? unknownText);
  return toVisibleText(`${clientModel} → ${model ?? unknownText}`);
}

/** The cost in the list: nothing where nothing was answered, `?` where it is not known. */
export function describeCost({
  costUsd,
  outputTokens,
  inputTokens,
}: Pick<RecordedRequest, "costUsd" | "outputTokens" | "inputTokens">): string {
  return costUsd === null && outputTokens === null && inputTokens === null ? "" : formatUsd(costUsd);
}
