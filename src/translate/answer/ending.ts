/** How the upstream's answer ended. */
export type Ending =
  /** `[DONE]`, or a whole completion. */
  | "done"
  /** The body ended without `[DONE]`. */
  | "end-of-body"
  /** We stopped reading: a stop sequence of ours was hit, or the finish reason came and nothing after it. */
  | "stopped";
