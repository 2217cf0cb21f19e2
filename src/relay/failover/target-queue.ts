import { type Candidate, nameOf } from "./candidate.ts";
import type { FailoverState } from "./failover-state.ts";
import type { Trial } from "./health.ts";
import type { CoolingKey, PoolKey } from "./key-pools.ts";

/** A target that may be asked now, and what the request holds of it. */
export interface Place {
  readonly candidate: Candidate;
  /** Its name. */
  readonly target: string;
  /** The key to ask with; null if the upstream has none. */
  readonly key: string | null;
  /** Which of several keys that is; null if there are not several. */
  readonly keyNumber: number | null;
  readonly trial: Trial;
  /** Gives back the place at the upstream. */
  readonly release: () => void;
}

/** Why a target is not asked. */
export type LeftOut =
  /** It has failed too often. */
  | { why: "passed-over" }
  /** Its upstream has as many requests as it may have. */
  | { why: "full" }
  /** None of its keys may be used. */
  | { why: "no-key"; cooling: CoolingKey };

export type NextPlace = { place: Place } | { leftOut: LeftOut; candidate: Candidate };

export interface TargetQueueOptions {
  /** In the order of going on; at least one. */
  candidates: readonly Candidate[];
  state: FailoverState;
  /** The client's session, or null. */
  conversationId: string | null;
}

/**
 * The targets of one request in the order in which they are tried: first the one to which the conversation has moved,
 * then the others as they are configured, without those that are passed over. The last one that is left is asked even
 * if it is one of those.
 */
export class TargetQueue {
  readonly #state: FailoverState;
  readonly #conversationId: string | null;
  #waiting: Candidate[];
  /** Those that were passed over. One of them is asked when no other is left. */
  #passedOver: Candidate[] = [];
  /** All were passed over: this one is asked in its turn. */
  #lastResort: Candidate | null = null;
  #current: Place | null = null;
  #freeKeys: PoolKey[] = [];

  constructor({ candidates, state, conversationId }: TargetQueueOptions) {
    this.#state = state;
    this.#conversationId = conversationId;
    const [home] = candidates;
    this.#waiting = [...candidates];
    // The only one is asked, however it is: so it is with most requests.
    if (candidates.length === 1) this.#lastResort = home ?? null;
    else this.#sort(candidates);
  }

  #sort(candidates: readonly Candidate[]): void {
    const [home] = candidates;
    const movedTo = home === undefined ? null : this.#state.moved.find(this.#conversationId, nameOf(home));
    const isFirst = (candidate: Candidate) => nameOf(candidate) === movedTo;
    this.#waiting = [...candidates.filter(isFirst), ...candidates.filter((one) => !isFirst(one))];
    if (this.#waiting.every((one) => this.#pausedUntilMs(one) !== null))
      this.#lastResort = this.#soonest(this.#waiting);
  }

  /** Whether the target that was taken last has another key that may be used. */
  get hasOtherKey(): boolean {
    return this.#freeKeys.length > 0;
  }

  /** Whether a target is left that was neither asked nor passed over. */
  get hasOtherTarget(): boolean {
    return this.#waiting.length > 0;
  }

  /** The largest known window of the targets that are left, in tokens; null if none is known. */
  get largestWindow(): number | null {
    const windows = [...this.#waiting, ...this.#passedOver].flatMap(({ window }) => window ?? []);
    return windows.length === 0 ? null : Math.max(...windows);
  }

  /** Leaves only the targets whose window is known to be larger. */
  keepLarger(tokens: number): void {
    const isLarger = ({ window }: Candidate) => window !== null && window > tokens;
    this.#waiting = this.#waiting.filter(isLarger);
    this.#passedOver = this.#passedOver.filter(isLarger);
  }

  /** The same target with its next key; null if there is none. Takes over what the request holds of the target. */
  nextKey(): Place | null {
    const next = this.#freeKeys.shift();
    if (this.#current === null || next === undefined) return null;
    this.#current = { ...this.#current, key: next.key, keyNumber: next.number };
    return this.#current;
  }

  /** The next target, or one that is left out; null after the last. */
  next(): NextPlace | null {
    const candidate = this.#waiting.shift();
    if (candidate === undefined) return this.#nextOfPassedOver();
    if (candidate !== this.#lastResort && this.#pausedUntilMs(candidate) !== null) {
      this.#passedOver.push(candidate);
      return { leftOut: { why: "passed-over" }, candidate };
    }
    return this.#enter(candidate);
  }

  #nextOfPassedOver(): NextPlace | null {
    if (this.#lastResort !== null) return null;
    this.#lastResort = this.#soonest(this.#passedOver);
    return this.#lastResort === null ? null : this.#enter(this.#lastResort);
  }

  #enter(candidate: Candidate): NextPlace {
    const { route, keys, concurrency } = candidate;
    const { upstream } = route;
    const { running, keyPools, health } = this.#state;
    const release = running.enter(upstream, concurrency);
    if (release === null) return { leftOut: { why: "full" }, candidate };
    const isPool = keys.length > 1;
    const cooling = isPool ? keyPools.findFirstFree(upstream, keys) : null;
    if (cooling !== null) {
      release();
      return { leftOut: { why: "no-key", cooling }, candidate };
    }
    this.#freeKeys = isPool ? keyPools.listFree(upstream, keys, this.#conversationId) : [];
    const first = this.#freeKeys.shift();
    const target = nameOf(candidate);
    const key = first?.key ?? keys[0] ?? null;
    const trial = health.begin(target);
    this.#current = { candidate, target, key, keyNumber: first?.number ?? null, trial, release };
    return { place: this.#current };
  }

  #pausedUntilMs(candidate: Candidate): number | null {
    return this.#state.health.pausedUntilMs(nameOf(candidate));
  }

  /** The one that may be asked again first. */
  #soonest(candidates: readonly Candidate[]): Candidate | null {
    const untilMs = (one: Candidate) => this.#pausedUntilMs(one) ?? 0;
    return candidates.toSorted((one, other) => untilMs(one) - untilMs(other))[0] ?? null;
  }
}
