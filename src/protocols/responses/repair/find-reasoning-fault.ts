import type { ResponsesReasoningDialect } from "../../../profiles/responses-dialect.ts";
import type { Refusal } from "../../../translate/refusals/refusal.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import {
  endOfReasoning,
  hasOlderReasoning,
  hasReasoningWithoutId,
  isReasoning,
  usesEncrypted,
} from "./reasoning-items.ts";
import type { ResponsesRepair } from "./repair.ts";

/** Rule 22.6: an item does not fit the id of another one, or its own id is unknown. */
const idFault =
  /\bof type '\w{1,40}' was provided without its required\b|\bitem with id '[^'\n]{1,200}' not found\b|\bexpected an id that begins with\b|\bduplicate item found with id\b/;

/** Rule 22.6: reasoning has to have an id. The second is the whole text of Azure's project endpoints. */
const idMissing = /\bmissing\b[^\n]{0,60}[^\w]id\b|\bprovided data does not match the expected schema\b/;

const encryptedUnsupported = /\bencrypted[ _]content is not supported\b/;

/** Azure: blobs of several responses stand in one request. */
const fromSeveralResponses = /\bconflicting authenticated continuation identities\b/;

const unreadable = /\bencrypted[ _]content\b|\breasoning_(?:text|content|details)\b/;

/** Rules 22.6, 25.4 A, B, C and E: the repair for an error about reasoning that went back, or null. */
export function findReasoningFault(
  { text, facts }: Refusal,
  sent: ResponsesRequest,
  dialect: ResponsesReasoningDialect,
): ResponsesRepair | null {
  if (encryptedUnsupported.test(text)) {
    return usesEncrypted(sent) ? { kind: "without-encrypted", scope: "model" } : null;
  }
  if (idFault.test(text)) {
    const hasIds = sent.input.some((item) => isReasoning(item) && item.id !== undefined);
    return hasIds ? { kind: "without-item-ids", scope: "conversation" } : withoutReasoning(sent, dialect);
  }
  const field = facts.field ?? "";
  const isOfInput = field.startsWith("input") || /\binput\b/.test(text);
  if (idMissing.test(text) && hasReasoningWithoutId(sent)) {
    // Where they are sent by themselves, another repair took them away, and neither way works.
    const isNew =
      dialect.itemIds === "none" && !sent.input.some((item) => isReasoning(item) && item.id !== undefined);
    return isNew ? { kind: "with-reasoning-ids", scope: "model" } : withoutReasoning(sent, dialect);
  }
  if (fromSeveralResponses.test(text)) {
    return hasOlderReasoning(sent)
      ? { kind: "newest-reasoning-only", scope: "model" }
      : withoutReasoning(sent, dialect);
  }
  const isUnread = facts.names.includes("invalid_encrypted_content") || unreadable.test(`${text} ${field}`);
  return isUnread || (isOfInput && /\breasoning\b/.test(`${text} ${field}`))
    ? withoutReasoning(sent, dialect)
    : null;
}

/**
 * Rule 25.4 C: the repair that takes all reasoning out of the request; null if it has none. An upstream that demands
 * some gets its stand-in, for which the request is built again.
 */
export function withoutReasoning(
  { input }: ResponsesRequest,
  { returnedAs, unknownAs }: Pick<ResponsesReasoningDialect, "returnedAs" | "unknownAs">,
): ResponsesRepair | null {
  if (returnedAs === "text-always") {
    const repair = { kind: "rebuild-without-reasoning", scope: "conversation" } as const;
    const isRefusedStandIn =
      unknownAs !== "" &&
      input.some(
        (item) => isReasoning(item) && item.content?.every(({ text }) => text === unknownAs) === true,
      );
    return isRefusedStandIn ? { ...repair, emptyReasoningAs: "" } : repair;
  }
  const last = input.findLast(isReasoning);
  return last === undefined
    ? null
    : { kind: "omit-reasoning", until: endOfReasoning(last), scope: "conversation" };
}
