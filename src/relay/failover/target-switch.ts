import { ApiError } from "../../anthropic/api-error.ts";
import type { StreamEvent } from "../../anthropic/stream-event.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";
import { describeFailure } from "../describe-failure.ts";
import type { AnswerOutcome, EventReader, PassedAnswer, RelayedAnswer } from "../relayed-answer.ts";
import { nameOf } from "./candidate.ts";
import { isEmptyAnswer, type Piece } from "./is-empty-answer.ts";
import { findMove, findOverflow, findOwnStatus, findStatus, findWait, type Move } from "./moves-on.ts";
import type { OpenTargetsOptions } from "./open-targets-options.ts";
import { PlaceJudge } from "./place-judge.ts";
import { type OpenedPlace, PlaceOpener } from "./place-opener.ts";
import { TriedPlaces } from "./tried-places.ts";

/**
 * Opens the answer to a request at the first of its targets that answers, and goes on from one to the next while the
 * client has heard nothing. Throws ApiError if the request can be sent to none of them.
 */
export function openTargets(options: OpenTargetsOptions): Promise<RelayedAnswer> {
  return new TargetSwitch(options).begin();
}

/**
 * An answer that goes on to the next key or target while the client has heard nothing. From the first events on, it
 * only passes calls on. Repairs, the change of the wire and the second try after an empty answer come first: they happen
 * inside the answers that are opened here.
 */
class TargetSwitch implements EventReader {
  readonly #options: Pick<OpenTargetsOptions, "exchange" | "state" | "clientSignal">;
  readonly #tried: TriedPlaces;
  readonly #judge: PlaceJudge;
  readonly #opener: PlaceOpener;
  readonly #opened = Promise.withResolvers<void>();
  #current: OpenedPlace | null = null;
  /** The reader that gave the first piece, and gives all others. */
  #begun: EventReader | null = null;
  /** The client receives an answer, and no error. */
  #isAnswering = false;

  constructor(options: OpenTargetsOptions) {
    const { exchange, state, conversationId, clientSignal, logger } = options;
    const [first] = options.candidates;
    if (first === undefined) throw new Error("a request was carried to no target");
    this.#options = { exchange, state, clientSignal };
    this.#tried = new TriedPlaces(exchange);
    const { requestId } = exchange;
    this.#judge = new PlaceJudge({ state, requestId, conversationId, home: nameOf(first), logger });
    this.#opener = new PlaceOpener(options, { tried: this.#tried, judge: this.#judge });
  }

  async begin(): Promise<RelayedAnswer> {
    const { exchange, clientSignal } = this.#options;
    // Tied to the exchange, because the answer may never begin.
    exchange.onEnd(() => this.#release());
    if (!(await this.#openNext("next-target"))) this.#giveUp();
    return {
      reader: this,
      toApiError: (thrown) => this.#toApiError(thrown),
      finish: (how) => this.#finish(how),
      fail: (thrown) => {
        const error = this.#toApiError(thrown);
        this.#finish(clientSignal.aborted ? { kind: "client-gone" } : { kind: "failed", error });
        return error;
      },
    };
  }

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  get passed(): PassedAnswer | null {
    return this.#current?.answer.reader.passed ?? null;
  }

  start(): StreamEvent[] {
    this.#opener.decide();
    return this.#place.answer.reader.start();
  }

  /** Not async, because it runs for every piece of the answer. */
  read(): Promise<Piece> {
    return this.#begun === null ? this.#readFirst() : this.#begun.read();
  }

  get #place(): OpenedPlace {
    if (this.#current === null) throw new Error("an answer was read before it was begun");
    return this.#current;
  }

  async #readFirst(): Promise<Piece> {
    try {
      for (;;) {
        const result = await this.#readFrom(this.#place);
        if ("piece" in result) return result.piece;
        if (!this.#opener.mayGoOn || !(await this.#openNext(result.move))) return this.#giveUp();
      }
    } finally {
      this.#begun = this.#place.answer.reader;
      this.#opener.decide();
    }
  }

  async #openNext(move: Move): Promise<boolean> {
    const next = await this.#opener.openNext(move);
    if (next === null) return false;
    this.#current = next;
    void next.answer.reader.opened.then(this.#opened.resolve);
    return true;
  }

  /** The first piece of the answer, or how to go on without it. Throws what ends the request. */
  async #readFrom(opened: OpenedPlace): Promise<{ piece: Piece } | { move: Move }> {
    let piece: Piece;
    try {
      piece = await opened.answer.reader.read();
    } catch (thrown) {
      if (!(thrown instanceof UpstreamError)) throw thrown;
      return { move: this.#noteFailure(opened, thrown) };
    }
    const wasSent = this.#options.exchange.fields.attempts > opened.sentBefore;
    if (wasSent && isEmptyAnswer(piece)) return this.#noteEmpty(opened, piece);
    this.#note(opened, 200, null);
    this.#judge.succeed(opened.place, this.#opener.wasDriven);
    this.#isAnswering = true;
    return { piece };
  }

  /** An answer with nothing in it, after a second try at the same place (rule 4.8). */
  #noteEmpty(opened: OpenedPlace, piece: Piece): { piece: Piece } | { move: Move } {
    this.#note(opened, 200, "empty answer");
    this.#judge.failEmpty(opened.place);
    if (!this.#opener.isUndecided) return { piece };
    const failure = { status: 200, waitSeconds: null, thrown: null, error: null, piece };
    this.#opener.abandon(opened, { kind: "whole" }, failure);
    opened.place.release();
    return { move: "next-target" };
  }

  /** Notes a failure, and says where the request goes on. Throws the failure if it does not. */
  #noteFailure(opened: OpenedPlace, thrown: UpstreamError): Move {
    const { queue, isUndecided } = this.#opener;
    const { hasOtherKey, largestWindow } = queue;
    const { place, answer } = opened;
    const { window, usesClientAccount } = place.candidate;
    const facts = { hasOtherKey, usesClientAccount, window, nextWindow: largestWindow };
    const move = findMove(thrown, facts);
    const status = findStatus(thrown);
    this.#note(opened, findOwnStatus(thrown), describeFailure(thrown));
    const error = answer.toApiError(thrown);
    this.#judge.fail(place, thrown, { move, error });
    if (move === "stop" || !isUndecided) throw thrown;
    const overflow = findOverflow(thrown);
    if (overflow !== null) queue.keepLarger(overflow.limit ?? window ?? 0);
    const failure = { status, waitSeconds: findWait(thrown), thrown, error, piece: null };
    this.#opener.abandon(opened, { kind: "failed", error }, failure);
    if (move === "next-target") place.release();
    return move;
  }

  /** All have failed: throws, or gives, what is of most use to the client. */
  #giveUp(): Piece {
    const { opened, thrown, piece } = this.#opener.giveUp();
    // The last place is still held if it was to be asked with another key.
    this.#release();
    if (opened !== null) this.#current = opened;
    if (thrown === null) return piece;
    throw thrown;
  }

  #note({ place, begunMs }: OpenedPlace, status: number | null, error: string | null): void {
    const ms = Math.round(this.#options.state.nowMs() - begunMs);
    this.#tried.add(place.candidate, { key: place.keyNumber, status, error, ms });
  }

  #toApiError(thrown: unknown): ApiError {
    return thrown instanceof ApiError ? thrown : this.#place.answer.toApiError(thrown);
  }

  #finish(how: AnswerOutcome): void {
    const { exchange } = this.#options;
    const opened = this.#place;
    this.#opener.decide();
    const cause = how.kind === "failed" ? how.error.cause : null;
    if (this.#isAnswering && cause instanceof UpstreamError && cause.kind !== "aborted") {
      this.#tried.noteBrokenOff(describeFailure(cause) ?? "error in its answer");
      this.#judge.breakOff(opened.place, cause);
    }
    if (!opened.isFinished) opened.answer.finish(how);
    else if (how.kind === "failed") exchange.noteError(how.error, exchange.fields.phase);
    else if (how.kind === "client-gone") exchange.noteClientGone();
    opened.isFinished = true;
    this.#release();
  }

  /** Gives back what the request holds of its target. */
  #release(): void {
    this.#current?.place.trial.release();
    this.#current?.place.release();
  }
}
