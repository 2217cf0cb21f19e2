/** How the upstream's answer ended. */
export type Ending =
  /** The upstream said so, or the answer came whole. */
  | "done"
  /** The body ended, and nothing in it said that the answer has. */
  | "end-of-body"
  /** We stopped reading: a stop sequence of ours was hit, or the upstream said why it ended and nothing more. */
  | "stopped";
