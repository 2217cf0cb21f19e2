import type { ChatReasoningDialect } from "../../../profiles/chat-dialect.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { findContextOverflow } from "../../../translate/failures/context-overflow.ts";
import { type ErrorFacts, readErrorBody } from "../../../translate/failures/error-facts.ts";
import { resolveStatus } from "../../../translate/failures/resolve-status.ts";
import type { UpstreamError } from "../../../upstream/upstream-error.ts";
import type { ChatRequest } from "../chat-request.ts";
import { findKnownFault } from "./find-known-fault.ts";
import { findOutputCap, findOutputFloor, fitOutputIntoWindow } from "./find-output-cap.ts";
import { findSchemaFault } from "./find-schema-fault.ts";
import { findThinkingFault } from "./find-thinking-fault.ts";
import { findUnsupportedField } from "./find-unsupported-field.ts";
import { isForcedChoice } from "./forced-choice.ts";
import type { ChatRepair } from "./repair.ts";

/**
 * The change with which the upstream may accept a chat request that it refused, or null. A request never loses more
 * than necessary: texts about the window, about reasoning that must come back and about forced choices are checked
 * before fields are left out (rule R0).
 */
export function findRepair(error: UpstreamError, sent: ChatRequest, { chat }: Profile): ChatRepair | null {
  if (error.kind !== "http") return null;
  const facts = readErrorBody(error.body);
  const status = resolveStatus(error.status, facts);
  const overflow = findContextOverflow(facts);
  if (overflow !== null) return fitOutputIntoWindow(overflow, sent);
  if (status === 402 || status === 413) return findOutputCap(facts, sent);
  if (!refusals.includes(status)) return null;
  if (/function tools with reasoning_effort are not supported/i.test(facts.text)) {
    // Rule R0.1. This upstream also refuses a request without the field.
    return sent.reasoning_effort === "none" ? null : { kind: "effort-none-with-tools", scope: "model" };
  }
  const text = facts.text.toLowerCase();
  return (
    findReasoningRecovery(facts, sent, chat.reasoning) ??
    findChoiceRepair(facts, sent, chat.reasoning) ??
    findKnownFault(text, sent) ??
    findSchemaFault(text, sent) ??
    findFormatFault(facts, sent) ??
    findOutputCap(facts, sent) ??
    findOutputFloor(facts, sent) ??
    (certain.includes(status) || saysUnsupported.test(text)
      ? findUnsupportedField(facts, sent, chat.request)
      : null) ??
    findThinkingFault(text, sent)
  );
}

/**
 * Local servers answer 500 or 501 if a template cannot express something, OpenRouter 404 if none of its providers
 * accepts it.
 */
const refusals: readonly number[] = [400, 404, 422, 500, 501];
/** With these, the request is certainly at fault. */
const certain: readonly number[] = [400, 422];
const saysUnsupported =
  /\bnot support|\bunsupported\b|\bnot (?:permitted|allowed)\b|\b(?:unknown|unrecogni[sz]ed|unexpected) (?:\w+ )?(?:parameter|field|argument|property|key)/;

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
  facts: ErrorFacts,
  sent: ChatRequest,
  dialect: ChatReasoningDialect,
): ChatRepair | null {
  const text = facts.text.toLowerCase();
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

const choiceFaults =
  /thinking mode does not support this tool_choice|does not support being set to required or object in thinking mode|is incompatible with thinking enabled|thinking may not be enabled when tool_choice forces/;

/** OpenRouter: none of the model's providers accepts the field. */
const choiceOfNobody = /\bfound that support [^.]{0,40}tool_choice/;

/** Rule 1.3, row `any`. */
function findChoiceRepair(
  facts: ErrorFacts,
  sent: ChatRequest,
  dialect: ChatReasoningDialect,
): ChatRepair | null {
  if (!isForcedChoice(sent.tool_choice)) return null;
  const text = facts.text.toLowerCase();
  if (choiceOfNobody.test(text)) return { kind: "free-tool-choice", as: "omitted", scope: "request" };
  if (!choiceFaults.test(text)) return null;
  const { form, canBeOff } = dialect;
  // For this request only: the model may think because of it, and accept a choice in another form.
  if (form === "none" || !canBeOff) return { kind: "free-tool-choice", as: "omitted", scope: "request" };
  return { kind: "thinking-off-for-forced-choice", form, scope: "model" };
}

/** Rule 1.1, the form of the output. */
function findFormatFault(facts: ErrorFacts, sent: ChatRequest): ChatRepair | null {
  const text = facts.text.toLowerCase();
  const format = sent.response_format?.["type"];
  if (format !== undefined && /response_?format|json_schema|json_object/.test(`${text} ${facts.field}`)) {
    const to = format === "json_schema" ? "json_object" : "prompt";
    const concernsAll = unknownFormat.test(text) && !clientSchema.test(`${text} ${facts.names.join(" ")}`);
    return { kind: "loosen-response-format", to, scope: concernsAll ? "model" : "request" };
  }
  return null;
}

/** The format is unknown, whatever schema it contains. */
const unknownFormat =
  /(?:response_?format|json_(?:schema|object))[^.]{0,60}\b(?:not support|not available|unavailable|unsupported|unknown|not implemented|deprecated)|\b(?:not support|unsupported|unknown|unrecogni[sz]ed|extra)[^.]{0,40}(?:response_?format|json_(?:schema|object))|response_?format\.type/;

/** The fault is in the schema, which is the client's. */
const clientSchema =
  /invalid[ _](?:json[ _])?schema|schema[.:[]|schema for\b|propert|keyword|\$ref|in context/;
