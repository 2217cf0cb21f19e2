import { findFormatFault } from "./find-format-fault.ts";
import { findImageFault } from "./find-image-fault.ts";
import { findOutputCap, findOutputFloor, fitOutputIntoWindow } from "./find-output-cap.ts";
import { type FieldFault, findRefusedField, scopeOf } from "./find-refused-field.ts";
import { findSchemaFault } from "./find-schema-fault.ts";
import { findThinkingFault } from "./find-thinking-fault.ts";
import type { Refusal } from "./refusal.ts";
import type { SentParts } from "./sent-parts.ts";
import type { SharedRepair } from "./shared-repair.ts";

/** With these, the request is certainly at fault. */
const certain: readonly number[] = [400, 422];
const saysUnsupported =
  /\bonly [^.]{1,60} (?:is|are) supported\b|\bnot support|\bunsupported\b|\bnot (?:permitted|allowed)\b|\b(?:unknown|unrecogni[sz]ed|unexpected) (?:\w+ )?(?:parameter|field|argument|property|key)/;

/** Rules R0, 5.2 and 5.3: the output limit with which a refusal of numbers may end, or null. */
export function findNumberRepair({ facts, overflow }: Refusal, sent: SentParts): SharedRepair | null {
  return overflow === null ? findOutputCap(facts, sent) : fitOutputIntoWindow(overflow, sent);
}

/**
 * The repair that a refusal needs on any wire, or null. A request never loses more than necessary: fields are left out
 * after everything that has a smaller cause (rule R0).
 * @param repairField what the wire does about a field that the refusal names; null if that field has to stay
 */
export function findSharedRepair<Own>(
  { facts, text, status }: Refusal,
  sent: SentParts,
  repairField: (fault: FieldFault) => Own | null,
): SharedRepair | Own | null {
  return (
    findImageFault(text, sent) ??
    findSchemaFault(text, sent) ??
    findFormatFault(facts, sent) ??
    findOutputCap(facts, sent) ??
    findOutputFloor(facts, sent) ??
    (certain.includes(status) || saysUnsupported.test(text)
      ? findRefusedField(facts, sent.optionalFields, repairField)
      : null) ??
    findThinkingFault(text, sent)
  );
}

/** The repair for a field that has no other form. */
export function omitRefusedField({ field, subject }: FieldFault, sent: SentParts): SharedRepair {
  if (field !== "tool_choice") return { kind: "omit-field", field, scope: scopeOf(subject) };
  // One choice of several is refused. Losing all of them would be worse than another refusal.
  return sent.isChoiceForced && subject !== "unknown-field"
    ? { kind: "free-tool-choice", as: "auto", scope: "request" }
    : { kind: "omit-field", field, scope: "request" };
}
