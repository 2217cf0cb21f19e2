/** How slowly the body of a request may come, and how much of one is still taken that was refused. */
export interface UploadLimits {
  /** A body has this long to begin in earnest, and the longest pause between two pieces is the same. */
  patienceSeconds: number;
  /** However large it is, it has to be whole by then: 32 MB take four minutes at 1 Mbit/s. */
  longestSeconds: number;
  /** Behind its patience it must have come at this rate on average, or a few hundred slow clients would hold the server. */
  slowestBytesPerSecond: number;
  /** What is taken of a body behind its refusal, and for how long: many clients read no answer before they have sent all. */
  restBytes: number;
  restMs: number;
}

export const defaultUploadLimits: Readonly<UploadLimits> = {
  patienceSeconds: 10,
  longestSeconds: 600,
  slowestBytesPerSecond: 1024,
  restBytes: 64 * 1024 * 1024,
  restMs: 5_000,
};
