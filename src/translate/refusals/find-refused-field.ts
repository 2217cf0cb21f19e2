import type { ErrorFacts } from "../failures/error-facts.ts";
import { findSubject, type RefusalSubject } from "./find-subject.ts";
import type { RepairScope } from "./repair-scope.ts";

/** An optional field that an error names as refused. */
export interface FieldFault {
  field: string;
  subject: RefusalSubject;
}

/**
 * Rule R0: what `repairField` finds for the optional field that an error names as refused, or null. The field named by
 * `param` or `loc` comes before those of the text. Compares names without case and underscores: xAI writes
 * `reasoningEffort`. A member that is named with its field (`reasoning.effort`) is at fault, and not the field.
 * @param fields the names that may be refused, with the values that were sent
 */
export function findRefusedField<Found>(
  facts: ErrorFacts,
  fields: ReadonlyMap<string, unknown>,
  repairField: (fault: FieldFault) => Found | null,
): Found | null {
  const candidates = new Map([...fields.keys()].map((field) => [plainName(field), field]));
  const named = new Set([...namesIn(facts.field ?? "", candidates), ...namesIn(facts.text, candidates)]);
  for (const field of [...named].map((name) => candidates.get(name))) {
    if (field === undefined) continue;
    const subject = findSubject(facts, { value: fields.get(field), isAmongOthers: named.size > 1 });
    if (subject === null) return null;
    const found = repairField({ field, subject });
    if (found !== null) return found;
  }
  return null;
}

/** How long a refusal with this subject is remembered. */
export function scopeOf(subject: RefusalSubject): RepairScope {
  return subject === "unknown-field" || subject === "field" ? "model" : "request";
}

function namesIn(text: string, candidates: ReadonlyMap<string, string>): string[] {
  const plain = plainName(text);
  const members = [...candidates.keys()].filter((name) => name.includes(".") && contains(plain, name));
  const owners = members.map((name) => name.slice(0, name.indexOf(".")));
  const names = (text.match(/[A-Za-z_]\w*/g) ?? []).map(plainName);
  return [...members, ...names.filter((name) => candidates.has(name) && !owners.includes(name))];
}

/** Whether the text contains the name, and not only as the beginning of a longer one. */
function contains(text: string, name: string): boolean {
  const start = text.indexOf(name);
  return start >= 0 && !/\w/.test(text[start + name.length] ?? "");
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}
