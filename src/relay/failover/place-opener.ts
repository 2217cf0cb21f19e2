import { ApiError } from "../../anthropic/api-error.ts";
import type { AnswerOutcome, RelayedAnswer } from "../relayed-answer.ts";
import { type Candidate, nameOf } from "./candidate.ts";
import { describeLeftOut } from "./describe-attempts.ts";
import { type Failure, giveUpWith } from "./give-up.ts";
import { leftOutFailure } from "./left-out-failure.ts";
import type { Move } from "./moves-on.ts";
import type { OpenOn, OpenTargetsOptions } from "./open-targets-options.ts";
import type { PlaceJudge } from "./place-judge.ts";
import { type LeftOut, type Place, TargetQueue } from "./target-queue.ts";
import type { TriedPlaces } from "./tried-places.ts";

/** A place that was opened. */
export interface OpenedPlace {
  readonly place: Place;
  readonly answer: RelayedAnswer;
  /** On the clock of the state. */
  readonly begunMs: number;
  /** How often anything had been sent before. */
  readonly sentBefore: number;
  /** Its answer was given up, and accounted for. */
  isFinished: boolean;
}

/** What one place came to, as far as its reader can tell. */
type PlaceFailure = Pick<Failure<OpenedPlace>, "status" | "waitSeconds" | "thrown" | "error" | "piece">;

/** Opens the places of one request one after the other, and keeps what came of those that failed. */
export class PlaceOpener {
  readonly #options: Omit<OpenTargetsOptions, "openOn" | "candidates">;
  readonly #tried: TriedPlaces;
  readonly #judge: PlaceJudge;
  readonly queue: TargetQueue;
  /** Null from when the request may not go on any more. */
  #openOn: OpenOn | null;
  #failures: Failure<OpenedPlace>[] = [];
  #wasDriven = false;
  #isFirst = true;

  constructor(
    { openOn, candidates, ...options }: OpenTargetsOptions,
    { tried, judge }: { tried: TriedPlaces; judge: PlaceJudge },
  ) {
    this.#options = options;
    this.#openOn = openOn;
    this.#tried = tried;
    this.#judge = judge;
    const { state, conversationId } = options;
    this.queue = new TargetQueue({ candidates, state, conversationId });
  }

  /** Whether the client has heard nothing yet, so that another place may be asked. */
  get isUndecided(): boolean {
    return this.#openOn !== null;
  }

  /** Whether a place failed, and not only had no room. */
  get wasDriven(): boolean {
    return this.#wasDriven;
  }

  /** The request stays where it is. Releases the request's body. */
  decide(): void {
    this.#openOn = null;
    this.#failures = [];
  }

  /** Opens the next key or target that can be opened; null if there is none, or may be none. */
  async openNext(move: Move): Promise<OpenedPlace | null> {
    let place = move === "next-key" ? this.queue.nextKey() : null;
    do {
      place ??= this.#nextPlace();
      const opened = place === null ? null : await this.#open(place);
      if (place === null || opened !== null) return opened;
      place = null;
    } while (this.mayGoOn);
    return null;
  }

  /** Whether another place may be asked after a failure. */
  get mayGoOn(): boolean {
    const { budget, clientSignal } = this.#options;
    return this.isUndecided && budget.hasLeft && !clientSignal.aborted;
  }

  /** Gives an answer up for another one. */
  abandon(opened: OpenedPlace, how: AnswerOutcome, failure: PlaceFailure): void {
    opened.isFinished = true;
    opened.answer.finish(how);
    const { candidate } = opened.place;
    this.#failures.push({ ...failure, wasSent: true, candidate, opened, fields: this.#tried.take() });
    this.#wasDriven = true;
  }

  /** All have failed: what is of most use to the client. */
  giveUp(): Pick<Failure<OpenedPlace>, "thrown" | "piece" | "opened"> {
    return giveUpWith(this.#failures, this.#tried);
  }

  #nextPlace(): Place | null {
    for (;;) {
      const next = this.queue.next();
      if (next === null) return null;
      if ("place" in next) return next.place;
      this.#leaveOut(next.leftOut, next.candidate);
    }
  }

  #leaveOut(leftOut: LeftOut, candidate: Candidate): void {
    const status = leftOut.why === "no-key" ? leftOut.cooling.status : null;
    this.#tried.add(candidate, { key: null, status, error: describeLeftOut(leftOut), ms: 0 });
    if (leftOut.why !== "full") {
      this.#judge.forgetMove(nameOf(candidate));
      this.#wasDriven = true;
    }
    const failure = leftOutFailure(leftOut, candidate);
    if (failure === null) return;
    const { error: thrown } = failure;
    this.#failures.push({ ...failure, thrown, piece: null, candidate, opened: null, fields: null });
  }

  /** Null if the request cannot be written for this target, or the head became due meanwhile. */
  async #open(place: Place): Promise<OpenedPlace | null> {
    const { exchange, state, budget } = this.#options;
    const { candidate, key, keyNumber } = place;
    budget.hasOtherTarget = this.queue.hasOtherTarget;
    // Of the first place nothing has to be forgotten: a copy of the record costs as much as all else here.
    const before = this.#isFirst ? null : this.#tried.take();
    this.#isFirst = false;
    const begun = { begunMs: state.nowMs(), sentBefore: exchange.fields.attempts };
    const leave = () => {
      place.trial.release();
      place.release();
    };
    if (before !== null) this.#tried.clear();
    try {
      const answer = await this.#openOn?.(candidate.route, key);
      if (answer === undefined || !this.isUndecided) {
        // The head is that of the answer before.
        leave();
        if (before !== null) this.#tried.restore(before);
        return null;
      }
      this.#tried.follow(candidate);
      return { place, answer, ...begun, isFinished: false };
    } catch (error) {
      leave();
      if (!(error instanceof ApiError)) throw error;
      this.#tried.add(candidate, { key: keyNumber, status: null, error: "not sent", ms: 0 });
      const how = { status: error.status, waitSeconds: null, wasSent: false, piece: null };
      this.#failures.push({ ...how, thrown: error, error, candidate, opened: null, fields: null });
      return null;
    }
  }
}
