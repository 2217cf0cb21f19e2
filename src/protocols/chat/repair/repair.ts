import type { Recovery, Repair } from "../../protocol.ts";
import type { SchemaRules } from "./suit-schemas.ts";
import type { ThinkingForm } from "./switch-thinking-off.ts";

/**
 * A change to a chat request that an upstream's refusal requires, and the scope in which it is remembered if it helped:
 *
 * | the upstream refuses | repairs | scope |
 * |---|---|---|
 * | a field, whatever its value | `omit-field`, `rename-output-limit` | model |
 * | a value, a field beside another one, or an unclear part | `omit-field`, `rename-output-limit` | request |
 * | the choice of a tool | `omit-field` of `tool_choice`, `free-tool-choice` | request |
 * | a number that depends on the model | `cap-output` at its maximum, `raise-output` | model |
 * | a number that depends on the request or the account | `cap-output` to window, rate, money | request |
 * | a combination, with a repair that changes nothing else | `effort-none-with-tools`, `thinking-off-for-forced-choice`, `assistant-between-tool-and-user`, `omit-empty-parameters` | model |
 * | the form of the output | `loosen-response-format` | model |
 * | the client's schema for it | `loosen-response-format` | request |
 * | thinking, or one level of it | `omit-thinking`, `omit-thinking-level` | model |
 * | images | `omit-images` | model |
 * | a keyword of schemas | `plainer-schemas` | model |
 * | one tool's schema as a strict one | `omit-strict` | model, for the tool of that name |
 * | the client's schema for the output as a strict one | `omit-strict` | request |
 * | a conversation that the model's chat template cannot express | `short-tool-ids`, `one-call-a-message`, `system-into-user` | model |
 * | reasoning of earlier turns | `rebuild-without-reasoning` | conversation |
 *
 * A refusal of something that the model accepted before is never learned for the model (`refusedTrait`).
 */
export type ChatRepair = Repair &
  (
    | {
        /** Rule R0: an optional field that the upstream refuses, wherever it occurs. */
        kind: "omit-field";
        field: string;
      }
    | {
        /** Rule R0: the other name of the limit, with `field` as the one to send. */
        kind: "rename-output-limit";
        field: "max_tokens" | "max_completion_tokens";
      }
    | {
        /** Rules R0, 5.2 and 5.3: as many output tokens as the model, the account or the window allows. */
        kind: "cap-output";
        maxTokens: number;
      }
    | {
        /** Rule 1.1 `max_tokens`: at least as much output as the model accepts as a limit. */
        kind: "raise-output";
        minTokens: number;
      }
    | {
        /** Rule R0.1: the model accepts tools only if thinking is switched off. */
        kind: "effort-none-with-tools";
      }
    | {
        /** Rule 1.3: the choice wins over thinking. */
        kind: "thinking-off-for-forced-choice";
        form: ThinkingForm;
      }
    | {
        /** Rule 1.3: the upstream does not support the choice. */
        kind: "free-tool-choice";
        as: "auto" | "omitted";
      }
    | {
        /** Rule 1.1: the schema moves into the system prompt, and only JSON is required, or nothing. */
        kind: "loosen-response-format";
        to: "json_object" | "prompt";
      }
    | {
        /** Rule 2.4.2: an assistant message between a tool message and a user message. */
        kind: "assistant-between-tool-and-user";
      }
    | {
        /** Rule 1.3.1: a tool without properties is sent without `parameters`. */
        kind: "omit-empty-parameters";
      }
    | {
        /** Rule R0: the model cannot think, and thinking is no longer requested. */
        kind: "omit-thinking";
      }
    | {
        /** Rule R0: the model does not know this level of thinking, so its default is used. */
        kind: "omit-thinking-level";
        level: string;
      }
    | {
        /** Rule 2.2: text in place of images, which the model cannot see. */
        kind: "omit-images";
      }
    | {
        /** Rule 1.3.1: schemas without the parts that the upstream does not support. */
        kind: "plainer-schemas";
        rules: SchemaRules;
      }
    | {
        /** Rules 1.1 and 1.3: one schema stays but is no longer strict: a tool's, by its name, or the output's. */
        kind: "omit-strict";
        of: string;
      }
    | {
        /** Rule 2.4.9: call ids of nine letters and digits. */
        kind: "short-tool-ids";
      }
    | {
        /** Rule 2.4.11: parallel calls are written one after the other. */
        kind: "one-call-a-message";
      }
    | {
        /** Rule 2.1: the system prompt moves to the start of the user's first message. */
        kind: "system-into-user";
      }
    | {
        /** Rule 6.4: the caller builds the chat request again. */
        kind: "rebuild-without-reasoning";
        emptyReasoningAs?: "";
      }
  );

/** A short description of the repair, for the log. */
export function describeRepair(repair: ChatRepair): string {
  switch (repair.kind) {
    case "omit-field":
      return `left out ${repair.field}, which the upstream ${repair.scope === "model" ? "does not take" : "refused this time"}`;
    case "rename-output-limit":
      return `sent the output limit as ${repair.field}`;
    case "cap-output":
      return `lowered the output limit to ${repair.maxTokens}`;
    case "raise-output":
      return `raised the output limit to ${repair.minTokens}`;
    case "effort-none-with-tools":
      return "sent reasoning_effort none, without which the model takes no tools";
    case "thinking-off-for-forced-choice":
      return "switched thinking off, with which the model takes no forced tool choice";
    case "free-tool-choice":
      return "left the choice of a tool to the model, as the upstream refused this one";
    case "loosen-response-format":
      return `put the output schema into the prompt (${repair.to})`;
    case "assistant-between-tool-and-user":
      return "put an assistant message between tool and user";
    case "omit-empty-parameters":
      return "left out parameters of tools that have none";
    case "omit-thinking":
      return "did not ask for thinking, which the model does not know";
    case "omit-thinking-level":
      return `named no level of thinking, as the model does not know ${repair.level}`;
    case "omit-images":
      return "left out images, which the model does not accept";
    case "plainer-schemas":
      return `left out of schemas what the upstream cannot work with (${repair.rules})`;
    case "omit-strict":
      return `did not call the schema of ${repair.of} strict`;
    case "short-tool-ids":
      return "gave tool calls ids of nine characters";
    case "one-call-a-message":
      return "told tool calls one after the other";
    case "system-into-user":
      return "put the system prompt into the first user message";
    case "rebuild-without-reasoning":
      return "left out reasoning of earlier turns, which the upstream refused";
  }
}

/** The key of a repair: of two with the same key the later one counts. */
export function repairKey(repair: ChatRepair): string {
  switch (repair.kind) {
    case "omit-field":
      return `${repair.kind} ${repair.field}`;
    case "omit-thinking-level":
      return `${repair.kind} ${repair.level}`;
    case "plainer-schemas":
      return `${repair.kind} ${repair.rules}`;
    case "omit-strict":
      return `${repair.kind} ${repair.of}`;
    default:
      return repair.kind;
  }
}

/** How to build the request once more; null for a repair that changes the built request (rule 6.4). */
export function recoveryOf(repair: ChatRepair): Recovery | null {
  if (repair.kind !== "rebuild-without-reasoning") return null;
  return { withoutOpaqueReasoning: true, ...(repair.emptyReasoningAs === "" && { emptyReasoningAs: "" }) };
}
