import { ApiError } from "../../anthropic/api-error.ts";
import type { Logger } from "../../logging/logger.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import type { FailoverState } from "./failover-state.ts";
import { findCoolDown, findStatus, isFaultOfTarget, type Move } from "./moves-on.ts";
import type { Place } from "./target-queue.ts";

export interface PlaceJudgeOptions {
  state: FailoverState;
  requestId: string;
  conversationId: string | null;
  /** The name of the target at which the request would begin. */
  home: string;
  logger: Pick<Logger, "warn">;
}

/** Tells the state what came of the attempts of one request, for the requests after it. */
export class PlaceJudge {
  readonly #options: PlaceJudgeOptions;

  constructor(options: PlaceJudgeOptions) {
    this.#options = options;
  }

  /** The place failed before anything of an answer came. `error`: what the client would be told. */
  fail(place: Place, thrown: UpstreamError, { move, error }: { move: Move; error: ApiError }): void {
    this.#coolKey(place, thrown, error);
    if (move === "next-key") return;
    if (move === "next-target") this.forgetMove(place.target);
    this.#judge(place, thrown);
  }

  /** The target gave nothing although it was asked twice. */
  failEmpty(place: Place): void {
    this.forgetMove(place.target);
    this.#warn(place, place.trial.fail(), "empty answers");
  }

  /** The answer has begun. `wasDriven`: not at the first place, because that one failed. */
  succeed(place: Place, wasDriven: boolean): void {
    place.trial.succeed();
    const { state, conversationId, home } = this.#options;
    if (wasDriven && place.target !== home) state.moved.note(conversationId, home, place.target);
  }

  /** The answer broke off after it had begun. */
  breakOff(place: Place, thrown: UpstreamError): void {
    this.#judge(place, thrown);
  }

  /** The conversation does not stay at this target, if it has moved there. */
  forgetMove(target: string): void {
    const { state, conversationId, home } = this.#options;
    if (state.moved.find(conversationId, home) === target) state.moved.forget(conversationId, home);
  }

  #judge(place: Place, thrown: UpstreamError): void {
    if (!isFaultOfTarget(thrown, place.candidate)) place.trial.release();
    else this.#warn(place, place.trial.fail(), findStatus(thrown) ?? thrown.kind);
  }

  #warn({ target }: Place, pausedMs: number | null, reason: string | number): void {
    if (pausedMs === null) return;
    const { logger, requestId } = this.#options;
    const event = "a target that failed too often is passed over for a while";
    logger.warn(event, { requestId, target, seconds: pausedMs / 1000, reason });
  }

  /** A single key is never cooled: its upstream's own answer is of more use than ours. */
  #coolKey({ candidate, key, keyNumber }: Place, thrown: UpstreamError, error: ApiError): void {
    const seconds = findCoolDown(thrown);
    if (seconds === null || key === null || keyNumber === null) return;
    const { state, logger, requestId } = this.#options;
    const { upstream } = candidate.route;
    const status = findStatus(thrown) ?? error.status;
    // Without what the error came from, which may be long.
    const { type, message, headers } = error;
    const kept = new ApiError(type, message, { status: error.status, headers });
    state.keyPools.cool(upstream, key, { seconds, status, error: kept });
    const which = `${keyNumber} of ${candidate.keys.length}`;
    logger.warn("a key that was refused is not used for a while", {
      requestId,
      upstream,
      key: which,
      seconds,
      status,
    });
  }
}
