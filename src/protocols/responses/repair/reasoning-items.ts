import type { InputItem, ReasoningItem, ResponsesRequest } from "../responses-request.ts";

/** The value of `include` that asks for encrypted reasoning. */
const encryptedReasoning = "reasoning.encrypted_content";

export function isReasoning(item: InputItem): item is ReasoningItem {
  return item.type === "reasoning";
}

/** Whether the request has reasoning that another answer than the newest one holds. */
export function hasOlderReasoning({ input }: ResponsesRequest): boolean {
  const first = input.findIndex(isReasoning);
  return first >= 0 && input.findLastIndex(isOfUser) > first;
}

/**
 * Whether reasoning from before the user's last text stands beside that of another answer. One answer's reasoning alone
 * tells nothing about an upstream that refuses several.
 */
export function mixesReasoning(sent: ResponsesRequest): boolean {
  let isBehindAnswer = false;
  let isInAnswer = false;
  for (const item of sent.input) {
    if (!isReasoning(item)) {
      if (endsAnswer(item)) isBehindAnswer ||= isInAnswer;
      continue;
    }
    if (isBehindAnswer) return hasOlderReasoning(sent);
    isInAnswer = true;
  }
  return false;
}

function endsAnswer(item: InputItem): boolean {
  return item.type === "function_call_output" || isOfUser(item);
}

function isOfUser(item: InputItem): boolean {
  return item.type === "message" && item.role === "user";
}

export function hasReasoningWithoutId({ input }: ResponsesRequest): boolean {
  return input.some((item) => isReasoning(item) && item.id === undefined);
}

/** Whether encrypted reasoning is asked for or sent back. */
export function usesEncrypted({ input, include }: ResponsesRequest): boolean {
  return (
    include?.includes(encryptedReasoning) === true ||
    input.some((item) => isReasoning(item) && item.encrypted_content !== undefined)
  );
}

/** Characters that tell one reasoning from another: blobs begin alike. */
const endLength = 64;

/** The end of a reasoning, by which it is found in the next request of its conversation. */
export function endOfReasoning({ encrypted_content: blob, content }: ReasoningItem): string {
  return (blob ?? content?.at(-1)?.text ?? "").slice(-endLength);
}

/** The request without reasoning up to the one with this end; the same object if it is not there. */
export function omitReasoning(sent: ResponsesRequest, until: string): ResponsesRequest {
  const last = sent.input.findLastIndex((item) => isReasoning(item) && endOfReasoning(item) === until);
  if (last < 0) return sent;
  return { ...sent, input: sent.input.filter((item, index) => index > last || !isReasoning(item)) };
}

/** The request whose items have no ids; the same object if there are none. */
export function omitItemIds(sent: ResponsesRequest): ResponsesRequest {
  if (!sent.input.some((item) => isReasoning(item) && item.id !== undefined)) return sent;
  const input = sent.input.map((item): InputItem => {
    if (!isReasoning(item)) return item;
    const { id: _id, ...rest } = item;
    return rest;
  });
  return { ...sent, input };
}

/** The request that neither asks for encrypted reasoning nor has any; the same object if that is so already. */
export function omitEncrypted(sent: ResponsesRequest): ResponsesRequest {
  if (!usesEncrypted(sent)) return sent;
  const input = sent.input.flatMap((item): InputItem[] => {
    if (!isReasoning(item) || item.encrypted_content === undefined) return [item];
    const { encrypted_content: _blob, ...rest } = item;
    // Reasoning without a blob and without a text says nothing, and is refused.
    return rest.content === undefined ? [] : [rest];
  });
  return omitInclude({ ...sent, input }, encryptedReasoning);
}

/** The request without a value of `include`; the same object if it is not there. */
export function omitInclude(sent: ResponsesRequest, value: string): ResponsesRequest {
  const { include, ...rest } = sent;
  if (include?.includes(value) !== true) return sent;
  const kept = include.filter((one) => one !== value);
  return kept.length === 0 ? rest : { ...rest, include: kept };
}
