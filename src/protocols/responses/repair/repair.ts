import {
  describeSharedRepair,
  type SharedRepair,
  sharedRepairKey,
} from "../../../translate/refusals/shared-repair.ts";
import type { Recovery, Repair } from "../../protocol.ts";
import { recoveryOfRebuild } from "../../recovery-of-rebuild.ts";

/**
 * A change to a responses request that an upstream's refusal requires. Beside those that every wire makes:
 *
 * | the upstream refuses | repairs | scope |
 * |---|---|---|
 * | an id, which it does not find or pairs with another item | `without-item-ids` | conversation |
 * | reasoning without an id | `with-reasoning-ids` | model |
 * | reasoning of several responses together | `newest-reasoning-only` | model |
 * | a blob, or reasoning as such | `omit-reasoning` | conversation |
 * | encrypted reasoning, whatever is in it | `without-encrypted` | model |
 * | `instructions` | `instructions-into-input` | as `omit-field` |
 * | a level of thinking, with a list of others | `other-thinking-level` | model |
 * | one value of `include` | `omit-include` | model |
 *
 * A refusal of something that the model accepted before is never learned for the model (`refusedTrait`).
 */
export type ResponsesRepair = SharedRepair<{ level: string }> | OwnRepair;

type OwnRepair = Repair &
  (
    | {
        /** Rule 25.4 A: no input item has an id. */
        kind: "without-item-ids";
      }
    | {
        /** Rule 25.4 B: reasoning goes back with the ids it came with. */
        kind: "with-reasoning-ids";
      }
    | {
        /** Rule 25.4 C: only the reasoning since the user's last text goes back. */
        kind: "newest-reasoning-only";
      }
    | {
        /** Rule 25.4 C: no reasoning up to this one goes back. What came after it may. */
        kind: "omit-reasoning";
        /** The end of the last reasoning that was refused. */
        until: string;
      }
    | {
        /** Rule 25.4 E: encrypted reasoning is neither asked for nor sent back. */
        kind: "without-encrypted";
      }
    | {
        /** Rule 21: the system prompt becomes the first input item. */
        kind: "instructions-into-input";
      }
    | {
        /** Rule 25.4 D: another level of thinking, of those that the model knows. */
        kind: "other-thinking-level";
        level: string;
        as: string;
      }
    | {
        /** Rule 25.4 D: one value of `include` is left out. */
        kind: "omit-include";
        value: string;
      }
  );

/** A short description of the repair, for the log. */
export function describeRepair(repair: ResponsesRepair): string {
  switch (repair.kind) {
    case "without-item-ids":
      return "left out the ids of input items, which the upstream could not use";
    case "with-reasoning-ids":
      return "sent reasoning with the ids it came with";
    case "newest-reasoning-only":
      return "sent back only the reasoning since the user's last text";
    case "omit-reasoning":
      return "left out reasoning of earlier turns, which the upstream refused";
    case "without-encrypted":
      return "left out encrypted reasoning, which the upstream does not take";
    case "instructions-into-input":
      return "put the system prompt into the input";
    case "other-thinking-level":
      return `asked for ${repair.as} thinking, as the model does not know ${repair.level}`;
    case "omit-include":
      return `did not ask for ${repair.value}, which the upstream does not know`;
    default:
      return describeSharedRepair(repair);
  }
}

/** The key of a repair: of two with the same key the later one counts. */
export function repairKey(repair: ResponsesRepair): string {
  switch (repair.kind) {
    case "other-thinking-level":
      return `${repair.kind} ${repair.level}`;
    case "omit-include":
      return `${repair.kind} ${repair.value}`;
    case "without-item-ids":
    case "with-reasoning-ids":
    case "newest-reasoning-only":
    case "omit-reasoning":
    case "without-encrypted":
    case "instructions-into-input":
      return repair.kind;
    default:
      return sharedRepairKey(repair);
  }
}

/** How to build the request once more; null for a repair that changes the built request. */
export function recoveryOf(repair: ResponsesRepair): Recovery | null {
  switch (repair.kind) {
    case "with-reasoning-ids":
      return { withReasoningIds: true };
    case "newest-reasoning-only":
      return { newestReasoningOnly: true };
    default:
      return recoveryOfRebuild(repair);
  }
}
