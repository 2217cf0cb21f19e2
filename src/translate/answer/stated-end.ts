import type { UpstreamError } from "../../upstream/upstream-error.ts";

/** Why an answer ended, as the upstream says. Each wire maps its own words to this. */
export type StatedEnd = {
  /** The client's stop sequence that the upstream watched for and hit, or null. */
  stopSequence: string | null;
  /** A line for the log, unless something else ended the answer; or null. */
  warning: string | null;
} & (
  | {
      kind: /** The model has said all. */
        | "done"
        /** It waits for the results of its calls. */
        | "calls"
        /** It reached its output limit, or the end of its window: which one is worked out. */
        | "length"
        | "window"
        | "refusal";
    }
  /** The answer is worth nothing. */
  | { kind: "failed"; failure: UpstreamError }
  /** The upstream could not go on: what it has said counts, but an answer of nothing is a failure. */
  | { kind: "cut-short"; failure: UpstreamError }
);
