import type { UpstreamError } from "../../upstream/upstream-error.ts";

/** Why an answer ended, as given by the upstream. Each wire maps its own words to this. */
export type StatedEnd = {
  /** The client's stop sequence that the upstream watched for and hit, or null. */
  stopSequence: string | null;
  /** A warning for the log, unless something else ended the answer; or null. */
  warning: string | null;
} & (
  | {
      kind: /** The model has said all. */
        | "done"
        /** The upstream waits for the results of its calls. */
        | "calls"
        /** It reached its output limit, or the end of its window: the mapping determines which. */
        | "length"
        | "window"
        | "refusal";
    }
  /** The answer is useless. */
  | { kind: "failed"; failure: UpstreamError }
  /** The upstream could not continue: its output so far counts, but an empty answer is a failure. */
  | { kind: "cut-short"; failure: UpstreamError }
);
