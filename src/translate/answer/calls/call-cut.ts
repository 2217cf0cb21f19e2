import type { StatedEnd } from "../stated-end.ts";

/** Whether a tool call may be incomplete, as implied by the end of the answer. */
export type CallCut =
  /** It should be complete. */
  | "unexpected"
  /** The upstream gave no finish reason, so the answer may have broken off. */
  | "possible"
  /** The output limit, the window or a filter ended the answer: the last call may be cut. */
  | "expected";

/** Whether the end of an answer implies that its last tool call may be cut (rules 3.5, 4.7). */
export function mapCallCut(stated: StatedEnd | null): CallCut {
  if (stated === null) return "possible";
  return cutsCalls(stated.kind) ? "expected" : "unexpected";
}

/** Whether an end of this kind may come in the middle of a call. */
export function cutsCalls(kind: StatedEnd["kind"]): boolean {
  return kind === "length" || kind === "window" || kind === "refusal";
}
