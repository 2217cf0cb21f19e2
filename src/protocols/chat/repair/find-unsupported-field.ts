import type { ChatRequestDialect } from "../../../profiles/chat-dialect.ts";
import type { ErrorFacts } from "../../../translate/failures/error-facts.ts";
import type { RepairScope } from "../../protocol.ts";
import type { ChatRequest } from "../chat-request.ts";
import { findSubject, type RefusalSubject } from "./find-subject.ts";
import { isForcedChoice } from "./forced-choice.ts";
import { listInnerFields } from "./list-traits.ts";
import type { ChatRepair } from "./repair.ts";

/** A request needs these; the limit has a second name, the format and the choice have other forms. */
const essential = ["model", "messages", "tools", "stream", "response_format"];

/** Fields with several forms: an upstream that refuses a member of one may accept another. */
const ofManyForms = ["reasoning", "thinking"];
const member = /\b(?:reasoning|thinking)[.[]\w/i;

/**
 * Rule R0: the optional field of `sent` that an error names as refused, or null. Compares names without case and
 * underscores: xAI writes `reasoningEffort`. Fields that the client itself set for the upstream stay.
 */
export function findUnsupportedField(
  facts: ErrorFacts,
  sent: ChatRequest,
  dialect: Pick<ChatRequestDialect, "passedKeys">,
): ChatRepair | null {
  const candidates = new Map(optionalFields(sent, dialect).map((field) => [plainName(field), field]));
  const named = new Set(
    [...identifiers(facts.field ?? ""), ...identifiers(facts.text)].filter((name) => candidates.has(name)),
  );
  for (const field of [...named].map((name) => candidates.get(name))) {
    if (field === undefined) continue;
    const subject = findSubject(facts, { value: sent[field], isAmongOthers: named.size > 1 });
    if (subject === null) return null;
    if (field !== "max_tokens" && field !== "max_completion_tokens")
      return omission(field, subject, facts, sent);
    // A limit with a wrong value is not left out (rule R0, `wanted`).
    if (subject !== "value") {
      return { kind: "rename-output-limit", field: otherLimit[field], scope: scopeOf(subject) };
    }
  }
  return null;
}

const otherLimit = {
  max_tokens: "max_completion_tokens",
  max_completion_tokens: "max_tokens",
} as const;

function omission(field: string, subject: RefusalSubject, facts: ErrorFacts, sent: ChatRequest): ChatRepair {
  if (field === "tool_choice") {
    // One choice of several is refused. Losing all of them would be worse than another refusal.
    return isForcedChoice(sent.tool_choice) && subject !== "unknown-field"
      ? { kind: "free-tool-choice", as: "auto", scope: "request" }
      : { kind: "omit-field", field, scope: "request" };
  }
  const isMember = ofManyForms.includes(field) && member.test(`${facts.field ?? ""} ${facts.text}`);
  return { kind: "omit-field", field, scope: isMember ? "request" : scopeOf(subject) };
}

function scopeOf(subject: RefusalSubject): RepairScope {
  return subject === "unknown-field" || subject === "field" ? "model" : "request";
}

function optionalFields(sent: ChatRequest, dialect: Pick<ChatRequestDialect, "passedKeys">): string[] {
  const top = Object.keys(sent).filter(
    (key) => !essential.includes(key) && !dialect.passedKeys.includes(key) && sent[key] !== undefined,
  );
  return [...top, ...listInnerFields(sent)];
}

function identifiers(text: string): string[] {
  return (text.match(/[A-Za-z_]\w*/g) ?? []).map(plainName);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}
