/** How long we wait for an upstream, and how much of it we read. */
export interface UpstreamLimits {
  /** For a connection, while the answer's head is owed; null where a connection of ours would say nothing. */
  connectMs: number | null;
  /**
   * From sending the request to the answer's head, and then for the first piece of its body, as some servers send the
   * head at once; Infinity for none.
   */
  firstByteMs: number;
  /**
   * Between two pieces of the body, counted only while somebody waits for one; Infinity for none. Comments count as
   * pieces.
   */
  idleMs: number;
  /** For the whole body of an error, which may hang; its status is known already. */
  errorBodyMs: number;
  /** What may follow the end of a stream before its connection is given up instead of being used again. */
  drainMs: number;
  /** A longer answer that is no stream is a failure. */
  wholeBodyBytes: number;
  /** What is read of the body of an error; the rest is cut. */
  errorBodyBytes: number;
}

export const defaultUpstreamLimits: Readonly<UpstreamLimits> = {
  connectMs: 10_000,
  firstByteMs: 360_000,
  idleMs: 360_000,
  errorBodyMs: 2_000,
  drainMs: 1_000,
  wholeBodyBytes: 64 * 1024 * 1024,
  errorBodyBytes: 64 * 1024,
};
