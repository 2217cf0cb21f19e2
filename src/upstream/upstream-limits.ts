/** How long we wait for an upstream, and how much of its answer we read. */
export interface UpstreamLimits {
  /**
   * How long a connection may take, until the answer's head comes; null if a connection of ours would prove nothing.
   */
  connectMs: number | null;
  /**
   * From sending the request to the answer's head, and then again to the first piece of its body, because some servers
   * send the head at once; Infinity: no limit.
   */
  firstByteMs: number;
  /**
   * Between two pieces of the body, counted only while a read is waiting; Infinity: no limit. Comments count as pieces.
   */
  idleMs: number;
  /** For the whole body of an error, which may hang; its status is already known. */
  errorBodyMs: number;
  /** How long the rest after the end of a stream may take before its connection is given up instead of being reused. */
  drainMs: number;
  /** A longer answer that is not a stream is a failure. */
  wholeBodyBytes: number;
  /** How much of an error's body is read; the rest is cut. */
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

/** The limits on silence that have their usual values because nobody has set them. */
export interface UsualLimits {
  readonly firstByte: boolean;
  readonly idle: boolean;
}

/** The limits for an upstream that may be silent for `silenceSeconds` while its model thinks: usual ones are no shorter. */
export function extendLimits(
  limits: UpstreamLimits,
  usual: UsualLimits | undefined,
  silenceSeconds: number | null,
): UpstreamLimits {
  if (silenceSeconds === null || usual === undefined) return limits;
  const { firstByteMs, idleMs } = limits;
  const silenceMs = silenceSeconds * 1000;
  return {
    ...limits,
    firstByteMs: usual.firstByte ? Math.max(firstByteMs, silenceMs) : firstByteMs,
    idleMs: usual.idle ? Math.max(idleMs, silenceMs) : idleMs,
  };
}
