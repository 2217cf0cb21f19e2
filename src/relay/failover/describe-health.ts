import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import type { FailoverState } from "./failover-state.ts";

/** How one target, or one of several keys of an upstream, is. */
export interface TargetHealth {
  /** `upstream/model`, or `upstream key 2`. */
  readonly name: string;
  readonly isHealthy: boolean;
  /** Milliseconds until it is tried again; null if it is not left out. */
  readonly restsMs: number | null;
  /** In a few words; null for what is healthy. */
  readonly reason: string | null;
}

/** How the targets are that were asked, and the keys of upstreams that have several. No key is in it. */
export function describeHealth(
  { health, keyPools, nowMs }: FailoverState,
  upstreams: readonly Pick<UpstreamSettings, "name" | "keys">[],
): TargetHealth[] {
  const well = { isHealthy: true, restsMs: null, reason: null };
  const targets = health.list().map(({ target, pausedUntilMs, isProbed }): TargetHealth => {
    if (pausedUntilMs === null) return { name: target, ...well };
    const restsMs = Math.max(0, Math.ceil(pausedUntilMs - nowMs()));
    const reason = isProbed ? "failed too often; a request tries it now" : "failed too often";
    return { name: target, isHealthy: false, restsMs, reason };
  });
  const keys = upstreams.flatMap((upstream) => {
    if (upstream.keys.length < 2) return [];
    const cooling = keyPools.listCooling(upstream.name, upstream.keys);
    return upstream.keys.map((_, index): TargetHealth => {
      const name = `${upstream.name} key ${index + 1}`;
      const refused = cooling.find(({ number }) => number === index + 1);
      if (refused === undefined) return { name, ...well };
      const { freeInSeconds, status } = refused;
      return { name, isHealthy: false, restsMs: freeInSeconds * 1000, reason: `refused with ${status}` };
    });
  });
  return [...targets.toSorted((one, other) => (one.name < other.name ? -1 : 1)), ...keys];
}
