import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import type { ChatReasoningDialect } from "../../../profiles/chat-dialect.ts";
import type { TurnReasoning } from "../../../translate/reasoning/read-reasoning.ts";
import type { AssistantMessage } from "../chat-request.ts";

type RestoredFields = Pick<
  AssistantMessage,
  | "reasoning"
  | "reasoning_content"
  | "reasoning_details"
  | "reasoning_text"
  | "reasoning_opaque"
  | "extra_content"
>;

/** The position of the assistant message. */
export interface MessagePosition {
  hasToolCalls: boolean;
  /** No user text follows it: it belongs to the tool loop that is still running. */
  isInRunningLoop: boolean;
}

/** Returns the reasoning that goes back in one assistant message. Called for the messages in their order, once each. */
export type ReasoningRestorer = (reasoning: TurnReasoning, position: MessagePosition) => RestoredFields;

/**
 * Creates the restorer of one request (rule 6.2). `isDemanded`: thinking is on, or the history contains reasoning of
 * this upstream and thinking was not switched off. It remembers which details were sent, because OpenRouter refuses an
 * item that occurs twice.
 */
export function createReasoningRestorer(options: {
  returnedAs: ChatReasoningDialect["returnedAs"];
  isDemanded: boolean;
  /** Overrides the placeholder for unknown reasoning. */
  unknownReasoning: string | null;
}): ReasoningRestorer {
  const { returnedAs, isDemanded, unknownReasoning } = options;
  const sentDetails = new Set<string>();
  return (reasoning, position) => {
    switch (returnedAs) {
      case "none":
        return {};
      case "details": {
        const isMissing = isDemanded && position.hasToolCalls && reasoning.details === null;
        if (isMissing && unknownReasoning !== null) return { reasoning: unknownReasoning };
        return restoreDetails(reasoning, sentDetails);
      }
      case "gemini": {
        const signature = reasoning.signatures.get("");
        return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
      }
      case "content-always":
        return isDemanded ? textField(reasoning.text || unknownReasoning) : {};
      case "content-with-tools":
        if (!isDemanded) return {};
        return textField(reasoning.text || (position.hasToolCalls ? unknownReasoning : null));
      case "minimax":
        return isDemanded ? restoreMinimax(reasoning) : {};
      case "reasoning-in-loop":
        return isDemanded && position.isInRunningLoop && reasoning.text !== ""
          ? { reasoning: reasoning.text }
          : {};
      case "opaque":
        return restoreOpaque(reasoning);
    }
  };
}

function textField(text: string | null): RestoredFields {
  return text === null ? {} : { reasoning_content: text };
}

function restoreMinimax(reasoning: TurnReasoning): RestoredFields {
  if (reasoning.details !== null) return { reasoning_details: reasoning.details };
  if (reasoning.text === "") return {};
  return { reasoning_details: [{ type: "reasoning.text", text: reasoning.text }] };
}

/** Both members in which it came: a single one would not be the model's full output. */
function restoreOpaque({ text, opaque }: TurnReasoning): RestoredFields {
  if (opaque === null) return {};
  return { ...(text !== "" && { reasoning_text: text }), reasoning_opaque: opaque };
}

function restoreDetails(reasoning: TurnReasoning, sent: Set<string>): RestoredFields {
  if (reasoning.details === null) return {};
  const details = reasoning.details.filter((detail) => {
    if (!isJsonObject(detail) || isUnsignedText(detail)) return false;
    const key = identityOf(detail);
    const isNew = key === null || !sent.has(key);
    if (key !== null) sent.add(key);
    return isNew;
  });
  return details.length > 0 || reasoning.details.length === 0 ? { reasoning_details: details } : {};
}

/** Only the id identifies an encrypted item; the parts of one summary share theirs. Null without an id. */
function identityOf({ type, id, text, summary }: JsonObject): string | null {
  if (typeof id !== "string") return null;
  return JSON.stringify(type === "reasoning.encrypted" ? [type, id] : [type, id, text, summary]);
}

/** Anthropic and Google refuse unsigned texts of their own. */
function isUnsignedText({ type, format, signature }: JsonObject): boolean {
  if (type !== "reasoning.text" || typeof format !== "string") return false;
  return /^(anthropic|google)/.test(format) && !signature;
}
