import type { ChatReasoningDialect } from "../../../profiles/chat-dialect.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { findChoiceRepair } from "../../../translate/refusals/find-choice-repair.ts";
import { type FieldFault, scopeOf } from "../../../translate/refusals/find-refused-field.ts";
import {
  findNumberRepair,
  findSharedRepair,
  omitRefusedField,
} from "../../../translate/refusals/find-shared-repair.ts";
import { isOfNumbers, type Refusal, readRefusal } from "../../../translate/refusals/refusal.ts";
import type { SentParts } from "../../../translate/refusals/sent-parts.ts";
import type { UpstreamError } from "../../../upstream/upstream-error.ts";
import type { ChatRequest } from "../chat-request.ts";
import { describeSent } from "./describe-sent.ts";
import { findTemplateFault } from "./find-template-fault.ts";
import type { ChatRepair } from "./repair.ts";
import type { ThinkingForm } from "./switch-thinking-off.ts";

/**
 * The change with which the upstream may accept a chat request that it refused, or null. A request never loses more
 * than necessary: texts about the window, about reasoning that must come back and about forced choices are checked
 * before fields are left out (rule R0).
 */
export function findRepair(error: UpstreamError, sent: ChatRequest, { chat }: Profile): ChatRepair | null {
  const refusal = readRefusal(error);
  if (refusal === null) return null;
  const parts = describeSent(sent, chat.request);
  if (isOfNumbers(refusal)) return findNumberRepair(refusal, parts);
  const { text } = refusal;
  if (/function tools with reasoning_effort are not supported/.test(text)) {
    // Rule R0.1. This upstream also refuses a request without the field.
    return sent.reasoning_effort === "none" ? null : { kind: "effort-none-with-tools", scope: "model" };
  }
  return (
    findReasoningRecovery(text, sent, chat.reasoning) ??
    findChoiceRepair(text, parts, thinkingOff(chat.reasoning)) ??
    findTemplateFault(text, sent) ??
    findSharedRepair(refusal, parts, (fault) => repairField(fault, refusal, parts))
  );
}

/** A word, and the words of which one must occur with it; none is needed if the list is empty. */
const reasoningFaults: readonly (readonly [string, readonly string[]])[] = [
  ["signature", ["invalid", "corrupted", "thinking", "thought"]],
  ["encrypted_content", []],
  ["duplicate item", []],
  ["reasoning_details", []],
  ["reasoning_opaque", []],
  ["reasoning_text", []],
  ["reasoning_content", ["missing", "must be passed back"]],
];

/** Rule 6.4. */
function findReasoningRecovery(
  text: string,
  sent: ChatRequest,
  dialect: ChatReasoningDialect,
): ChatRepair | null {
  const isFault = reasoningFaults.some(
    ([word, others]) =>
      text.includes(word) && (others.length === 0 || others.some((other) => text.includes(other))),
  );
  if (!isFault) return null;
  const repair = { kind: "rebuild-without-reasoning", scope: "conversation" } as const;
  const refusedStandIn =
    dialect.returnedAs === "content-always" &&
    sent.messages.some((message) => message.role === "assistant" && message.reasoning_content === " ");
  return refusedStandIn ? { ...repair, emptyReasoningAs: "" } : repair;
}

/** The form in which thinking is switched off; null if it cannot be. */
function thinkingOff({ form, canBeOff }: ChatReasoningDialect): { form: ThinkingForm } | null {
  return form === "none" || !canBeOff ? null : { form };
}

/** Fields with several forms: an upstream that refuses a member of one may accept another. */
const ofManyForms = ["reasoning", "thinking"];
const member = /\b(?:reasoning|thinking)[.[]\w/i;

const otherLimit = {
  max_tokens: "max_completion_tokens",
  max_completion_tokens: "max_tokens",
} as const;

function repairField(fault: FieldFault, { facts }: Refusal, sent: SentParts): ChatRepair | null {
  const { field, subject } = fault;
  if (field === "max_tokens" || field === "max_completion_tokens") {
    // A limit with a wrong value is not left out (rule R0, `wanted`).
    return subject === "value"
      ? null
      : { kind: "rename-output-limit", field: otherLimit[field], scope: scopeOf(subject) };
  }
  const isMember = ofManyForms.includes(field) && member.test(`${facts.field ?? ""} ${facts.text}`);
  return isMember ? { kind: "omit-field", field, scope: "request" } : omitRefusedField(fault, sent);
}
