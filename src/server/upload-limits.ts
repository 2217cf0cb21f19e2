/** How slowly a request body may arrive, and how much of a refused one is still read. */
export interface UploadLimits {
  /** How long a body may take to begin in earnest, and the longest pause between two pieces. */
  patienceSeconds: number;
  /** Every body must be complete by then, however large: 32 MB take four minutes at 1 Mbit/s. */
  longestSeconds: number;
  /** The average rate required after that patience. Otherwise a few hundred slow clients would occupy the server. */
  slowestBytesPerSecond: number;
  /**
   * How much of a body is read after its refusal, and for how long: many clients read no answer before they have sent
   * all.
   */
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
