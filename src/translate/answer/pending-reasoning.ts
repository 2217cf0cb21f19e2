import type { EnvelopeContent } from "../reasoning/encode-envelope.ts";

/** Reasoning in the upstream's own form, as an envelope carries it. */
export type ReturnedReasoning = Pick<EnvelopeContent, "details" | "opaque">;

/**
 * Reasoning that must go back to the upstream unchanged, and that no block has carried yet. Each wire collects its own.
 */
export interface PendingReasoning {
  /** There is reasoning to carry. */
  readonly isPending: boolean;
  /** Takes it for a block; `details` are undefined if the upstream sent none at all. */
  take(): ReturnedReasoning;
}
