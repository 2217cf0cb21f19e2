import type { EnvelopeContent } from "../reasoning/encode-envelope.ts";

/** Reasoning in the upstream's own form, as an envelope carries it. */
export type ReturnedReasoning = Pick<EnvelopeContent, "details" | "opaque">;

/** What has to go back to the upstream unchanged, and that no block has carried yet. Each wire collects its own. */
export interface PendingReasoning {
  /** There is something to carry. */
  readonly isPending: boolean;
  /** Takes it for a block; `details` are undefined when the upstream sent none at all. */
  take(): ReturnedReasoning;
}
