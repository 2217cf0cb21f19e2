import {
  describeSharedRepair,
  type SharedRepair,
  sharedRepairKey,
} from "../../../translate/refusals/shared-repair.ts";
import type { Repair } from "../../protocol.ts";
import type { ThinkingForm } from "./switch-thinking-off.ts";

/**
 * A change to a chat request that an upstream's refusal requires. Beside those that every wire makes:
 *
 * | the upstream refuses | repairs | scope |
 * |---|---|---|
 * | a field, whatever its value | `rename-output-limit` | model |
 * | a field beside another one, or an unclear part | `rename-output-limit` | request |
 * | a combination, with a repair that changes nothing else | `effort-none-with-tools`, `assistant-between-tool-and-user`, `omit-empty-parameters` | model |
 * | a conversation that the model's chat template cannot express | `short-tool-ids`, `one-call-a-message`, `system-into-user` | model |
 *
 * A refusal of something that the model accepted before is never learned for the model (`refusedTrait`).
 */
export type ChatRepair = SharedRepair<{ form: ThinkingForm }> | OwnRepair;

type OwnRepair = Repair &
  (
    | {
        /** Rule R0: the other name of the limit, with `field` as the one to send. */
        kind: "rename-output-limit";
        field: "max_tokens" | "max_completion_tokens";
      }
    | {
        /** Rule R0.1: the model accepts tools only if thinking is switched off. */
        kind: "effort-none-with-tools";
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
  );

/** A short description of the repair, for the log. */
export function describeRepair(repair: ChatRepair): string {
  switch (repair.kind) {
    case "rename-output-limit":
      return `sent the output limit as ${repair.field}`;
    case "effort-none-with-tools":
      return "sent reasoning_effort none, without which the model takes no tools";
    case "assistant-between-tool-and-user":
      return "put an assistant message between tool and user";
    case "omit-empty-parameters":
      return "left out parameters of tools that have none";
    case "short-tool-ids":
      return "gave tool calls ids of nine characters";
    case "one-call-a-message":
      return "told tool calls one after the other";
    case "system-into-user":
      return "put the system prompt into the first user message";
    default:
      return describeSharedRepair(repair);
  }
}

/** The key of a repair: of two with the same key the later one counts. */
export function repairKey(repair: ChatRepair): string {
  switch (repair.kind) {
    case "rename-output-limit":
    case "effort-none-with-tools":
    case "assistant-between-tool-and-user":
    case "omit-empty-parameters":
    case "short-tool-ids":
    case "one-call-a-message":
    case "system-into-user":
      return repair.kind;
    default:
      return sharedRepairKey(repair);
  }
}
