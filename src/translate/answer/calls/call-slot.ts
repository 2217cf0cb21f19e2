import { GatheredText } from "../gathered-text.ts";
import type { ToolArguments } from "./tool-arguments.ts";

/** What is known of one call of the upstream. */
export interface Slot {
  /** The upstream's id, as it tells slots apart. */
  upstreamId: string | null;
  name: string | null;
  arguments: ToolArguments | null;
  /** Fragments that came before the name, or behind the end of the call. */
  aside: GatheredText;
  thoughtSignature: string | null;
  state: "pending" | "open" | "closed";
}

/** Creates the slot of a call of which nothing is known yet. */
export function createSlot(): Slot {
  return {
    upstreamId: null,
    name: null,
    arguments: null,
    aside: new GatheredText(),
    thoughtSignature: null,
    state: "pending",
  };
}

/** Whether a call's `index` can be one. */
export function isSlotIndex(index: unknown): index is number {
  return typeof index === "number" && Number.isInteger(index) && index >= 0 && index < 1_000_000;
}

/** Arguments as text: some servers send the object itself. */
export function argumentsText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
