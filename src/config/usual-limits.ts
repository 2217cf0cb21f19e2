import { defaultWaitSeconds } from "./config-schema.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";

/** The limits on an upstream's silence, in seconds; null for none. */
export interface WaitLimits {
  readonly firstByteSeconds: number | null;
  readonly idleSeconds: number | null;
  /** Those of the two that nobody has set. */
  readonly usualLimits: { readonly firstByte: boolean; readonly idle: boolean };
}

/**
 * The limits for an upstream: those that are set, where 0 means none, or else the usual ones. A large model on a small
 * machine reads a long prompt for many minutes, and no network on the way can lose the answer.
 */
export function findWaitLimits(set: {
  baseUrl: string | null;
  firstByteSeconds: number | undefined;
  idleSeconds: number | undefined;
}): WaitLimits {
  const isLoopback = set.baseUrl !== null && isLoopbackHost(new URL(set.baseUrl).hostname);
  return {
    firstByteSeconds: limitOf(set.firstByteSeconds ?? (isLoopback ? 0 : defaultWaitSeconds)),
    idleSeconds: limitOf(set.idleSeconds ?? defaultWaitSeconds),
    usualLimits: { firstByte: set.firstByteSeconds === undefined, idle: set.idleSeconds === undefined },
  };
}

/** Null for no limit, which is set as 0. */
function limitOf(seconds: number): number | null {
  return seconds === 0 ? null : seconds;
}
