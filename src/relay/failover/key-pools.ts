import { createHash } from "node:crypto";
import type { ApiError } from "../../anthropic/api-error.ts";
import { keep } from "../../learned/keep.ts";

/** One of the several keys of an upstream. */
export interface PoolKey {
  readonly key: string;
  /** Its place in the configuration, from 1: what logs call it. */
  readonly number: number;
}

/** Why a key is not used for a while. */
export interface KeyRefusal {
  /** How long. */
  readonly seconds: number;
  /** The status that stands for the upstream's error. */
  readonly status: number;
  /** What the client was, or would have been, told. */
  readonly error: ApiError;
}

/** A key that is not used now. */
export interface CoolingKey extends Omit<KeyRefusal, "seconds"> {
  readonly number: number;
  /** Whole seconds, at least 1. */
  readonly freeInSeconds: number;
}

/** The keys of upstreams that have several, and which of them the upstream refused. Holds no key, only digests. */
export interface KeyPools {
  /**
   * The keys that may be used now. A conversation gets them in an order of its own, which is always the same: it stays
   * with its key while that can be used. Requests without one take turns.
   */
  listFree(upstream: string, keys: readonly string[], conversationId: string | null): PoolKey[];
  /** Keeps a key from being used for a while. */
  cool(upstream: string, key: string, refusal: KeyRefusal): void;
  /** The keys that are not used now. */
  listCooling(upstream: string, keys: readonly string[]): CoolingKey[];
  /** The key that may be used first, while none may be; else null. */
  findFirstFree(upstream: string, keys: readonly string[]): CoolingKey | null;
}

interface Cooling extends KeyRefusal {
  untilMs: number;
}

/** Creates pools with no key refused. `nowMs`: from any origin, never decreasing. */
export function createKeyPools(nowMs: () => number): KeyPools {
  const coolingOf = new Map<string, Cooling>();
  let turns = 0;
  const findCooling = (digest: string): Cooling | null => {
    const cooling = coolingOf.get(digest);
    if (cooling === undefined || nowMs() < cooling.untilMs) return cooling ?? null;
    coolingOf.delete(digest);
    return null;
  };
  const describeCooling = ({ status, error, untilMs }: Cooling, number: number): CoolingKey => ({
    number,
    status,
    error,
    freeInSeconds: Math.max(1, Math.ceil((untilMs - nowMs()) / 1000)),
  });
  return {
    listFree(upstream, keys, conversationId) {
      const all = keys.map((key, index) => ({ key, number: index + 1, digest: digestOf(upstream, key) }));
      const free = all.filter(({ digest }) => findCooling(digest) === null);
      const ordered =
        conversationId === null ? turnedBy(free, turns++) : free.toSorted(byWeightFor(conversationId));
      return ordered.map(({ key, number }) => ({ key, number }));
    },
    cool(upstream, key, refusal) {
      const untilMs = nowMs() + refusal.seconds * 1000;
      keep(coolingOf, digestOf(upstream, key), { ...refusal, untilMs });
    },
    listCooling: (upstream, keys) =>
      keys.flatMap((key, index) => {
        const cooling = findCooling(digestOf(upstream, key));
        return cooling === null ? [] : [describeCooling(cooling, index + 1)];
      }),
    findFirstFree(upstream, keys) {
      const found: (Cooling & { number: number })[] = [];
      for (const [index, key] of keys.entries()) {
        const cooling = findCooling(digestOf(upstream, key));
        if (cooling === null) return null;
        found.push({ ...cooling, number: index + 1 });
      }
      const [first] = found.toSorted((one, other) => one.untilMs - other.untilMs);
      return first === undefined ? null : describeCooling(first, first.number);
    },
  };
}

function digestOf(upstream: string, key: string): string {
  return createHash("sha256").update(`${upstream}\n${key}`).digest("base64url");
}

/** Rendezvous: when a key is refused, only the conversations that had it change theirs, and they come back to it. */
function byWeightFor(conversationId: string) {
  const weightOf = ({ digest }: { digest: string }) => Bun.hash.wyhash(`${conversationId}\n${digest}`);
  return (one: { digest: string }, other: { digest: string }) => (weightOf(one) < weightOf(other) ? 1 : -1);
}

function turnedBy<Entry>(list: readonly Entry[], turns: number): Entry[] {
  const start = list.length === 0 ? 0 : turns % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
