import type { Profile } from "../../../profiles/profile.ts";
import type { ResponsesReasoningDialect } from "../../../profiles/responses-dialect.ts";
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
import type { ResponsesRequest } from "../responses-request.ts";
import { describeSent } from "./describe-sent.ts";
import { findLevelFault } from "./find-level-fault.ts";
import { findReasoningFault } from "./find-reasoning-fault.ts";
import type { ResponsesRepair } from "./repair.ts";

/**
 * The change with which the upstream may accept a responses request that it refused, whole or in the first events of a
 * stream, or null (rule 25.4). A request never loses more than necessary: texts about the window and about reasoning
 * that went back are checked before fields are left out.
 */
export function findRepair(
  error: UpstreamError,
  sent: ResponsesRequest,
  { responses }: Profile,
): ResponsesRepair | null {
  const refusal = readRefusal(error);
  if (refusal === null) return null;
  const parts = describeSent(sent, responses.request);
  if (isOfNumbers(refusal)) return findNumberRepair(refusal, parts);
  // Rule 21: a field of another wire was sent, which is our own fault.
  if (/\bthis parameter has moved to\b/.test(refusal.text)) return null;
  return (
    findReasoningFault(refusal, sent, responses.reasoning) ??
    findSummaryFault(refusal, sent) ??
    findChoiceRepair(refusal.text, parts, thinkingOff(responses.reasoning)) ??
    findLevelFault(refusal, sent) ??
    findSharedRepair(refusal, parts, (fault) => repairField(fault, refusal, sent, parts))
  );
}

/** Organisations that are not verified get no summaries, whatever the request. */
function findSummaryFault({ text }: Refusal, { reasoning }: ResponsesRequest): ResponsesRepair | null {
  return reasoning?.summary !== undefined && /\breasoning summar/.test(text)
    ? { kind: "omit-field", field: "reasoning.summary", scope: "model" }
    : null;
}

/** The level with which thinking is switched off; null if it cannot be. */
function thinkingOff({ takesEffort, canBeOff, levels }: ResponsesReasoningDialect): { level: string } | null {
  return takesEffort && canBeOff && levels.off !== null ? { level: levels.off } : null;
}

/** Fields that have the same value in every request: whatever is said of one concerns them all. */
const constantFields = ["store", "stream_options", "reasoning.summary"];

function repairField(
  fault: FieldFault,
  { text }: Refusal,
  sent: ResponsesRequest,
  parts: SentParts,
): ResponsesRepair | null {
  const { field, subject } = fault;
  // A limit with a wrong value is not left out (rule R0, `wanted`).
  if (field === "max_output_tokens" && subject === "value") return null;
  if (field === "instructions") return { kind: "instructions-into-input", scope: scopeOf(subject) };
  if (constantFields.includes(field)) return { kind: "omit-field", field, scope: "model" };
  if (field !== "include") return omitRefusedField(fault, parts);
  const value = sent.include?.find((one) => text.includes(one));
  return value === undefined
    ? { kind: "omit-field", field, scope: "model" }
    : { kind: "omit-include", value, scope: "model" };
}
