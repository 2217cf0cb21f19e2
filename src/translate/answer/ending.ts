/** How the upstream's answer ended. */
export type Ending =
  /** The upstream marked the end, or the answer came whole. */
  | "done"
  /** The body ended without any mark of the end. */
  | "end-of-body"
  /** We stopped reading: one of our stop sequences was hit, or nothing more came after the finish reason. */
  | "stopped";
