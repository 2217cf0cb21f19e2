import { signal } from "@preact/signals";
import type { NowAnswer } from "../../dashboard-api.ts";
import { askNow } from "../api/ask.ts";
import { startPolling } from "./poll.ts";

/** The last answer about what runs now; null until there is one. */
export const now = signal<NowAnswer | null>(null);

/** Why the proxy does not answer; null while it does. */
export const connectionFault = signal<string | null>(null);

/** Keeps `now` up to date. Returns what ends it. */
export function followNow(pauseMs: number): () => void {
  return startPolling(async (ended) => {
    try {
      now.value = await askNow(ended);
      connectionFault.value = null;
    } catch (thrown) {
      if (ended.aborted) return;
      connectionFault.value = thrown instanceof Error ? thrown.message : "The proxy does not answer.";
    }
  }, pauseMs);
}

/** How it stands with the record, in a few words, and whether something is wrong. */
export function describeRecord({ record, recordBodies }: Pick<NowAnswer, "record" | "recordBodies">): {
  text: string;
  isFault: boolean;
} {
  if (record === null) {
    return { text: "Nothing is recorded: RECORD=off. Set RECORD=on to see what happened.", isFault: false };
  }
  if (record.fault !== null) return { text: `Record: ${record.fault}`, isFault: true };
  if (record.lost > 0) return { text: `${record.lost} requests could not be recorded.`, isFault: true };
  const bodies = { off: "no messages", errors: "messages of errors", all: "all messages" }[recordBodies];
  const backlog = record.backlog > 0 ? `, ${record.backlog} waiting` : "";
  return { text: `Recording, with ${bodies}${backlog}`, isFault: false };
}
