import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { AnswerContent } from "./answer-content.ts";
import { brokenOff, upstreamErrorOf } from "./answer-failures.ts";
import type { AnswerRoom } from "./answer-room.ts";
import type { AnswerSummary, UsageEstimate } from "./answer-translator.ts";
import { AnswerWarnings } from "./answer-warnings.ts";
import { BlockWriter } from "./block-writer.ts";
import { completeUsage } from "./build-message-end.ts";
import { mapCallCut } from "./calls/call-cut.ts";
import type { BegunCall } from "./calls/call-slot.ts";
import type { Ending } from "./ending.ts";
import { type MappedStop, mapStop } from "./map-stop.ts";
import { MessageFrame } from "./message-frame.ts";
import type { OutputText } from "./output-text.ts";
import type { PendingReasoning } from "./pending-reasoning.ts";
import type { StatedEnd } from "./stated-end.ts";
import type { TranslatorOptions } from "./translator-options.ts";
import type { UpstreamUsage } from "./usage.ts";

/** How an answer ended. */
export interface AnswerEnd {
  ending: Ending;
  /** The reason given by the upstream; null if it gave none. */
  stated: StatedEnd | null;
  /** Null if the upstream reported none. */
  usage: UpstreamUsage | null;
}

/** The parts that a wire provides. */
export interface WireParts {
  /** The part of its reasoning that must go back to the upstream. */
  reasoning: PendingReasoning;
  /** The room of the answer, from which the wire also takes for what it holds itself. */
  room: AnswerRoom;
}

/**
 * Writes the events of one message: a wire's translator reads its items and calls these methods for their content. In
 * whatever order it calls them, the events come out in the legal order of the client's wire (rule 4). A failure has one
 * way: the code that finds it throws an UpstreamError, the code that pushes or ends the answer catches it, and `fail`
 * records it. After that no more events follow and open blocks stay open, so that a cut answer never looks complete.
 */
export class AnswerWriter {
  readonly #options: TranslatorOptions;
  readonly #warnings = new AnswerWarnings();
  readonly #blocks: BlockWriter;
  readonly #content: AnswerContent;
  readonly #frame: MessageFrame;
  #isSettled = false;
  #failure: UpstreamError | null = null;

  constructor(options: TranslatorOptions, wire: WireParts) {
    this.#options = options;
    this.#frame = new MessageFrame(options);
    const warn = (text: string) => this.warn(text);
    this.#blocks = new BlockWriter({ ...options, ...wire, warn });
    this.#content = new AnswerContent(this.#blocks, { ...options, ...wire });
  }

  /** True once `message_start` was sent. */
  get isStarted(): boolean {
    return this.#frame.isStarted;
  }

  /** Further content would be ignored. */
  get isOver(): boolean {
    return this.#frame.isEnded || this.#failure !== null || this.hasHitStopSequence;
  }

  /** The failure, once there is one. */
  get failure(): UpstreamError | null {
    return this.#failure;
  }

  /** One of our stop sequences was hit: the upstream need not go on. */
  get hasHitStopSequence(): boolean {
    return this.#content.stopSequenceHit !== null;
  }

  /** Nothing was written and nothing is held. */
  get isEmpty(): boolean {
    return this.#content.isEmpty;
  }

  /** How many calls have begun. */
  get callsBegun(): number {
    return this.#blocks.calls.begun;
  }

  /** All visible text, reasoning and tool arguments so far, from which the output tokens are estimated. */
  get outputText(): OutputText {
    return this.#blocks.outputText;
  }

  /** The facts about the answer for the log, except for the upstream's id of it. */
  get summary(): Omit<AnswerSummary, "upstreamId"> {
    return { ...this.#frame.summary, warnings: this.#warnings.all };
  }

  /** Records a failure; the first one counts. */
  fail(error: UpstreamError): void {
    this.#failure ??= error;
  }

  /** Adds a warning for the log. */
  warn(text: string): void {
    this.#warnings.add(text);
  }

  /** Writes reasoning that comes apart from the text. */
  thinking(text: string): void {
    this.#content.thinking(text);
  }

  /** Writes reasoning that comes as a part of the text. */
  thinkingInText(text: string): void {
    this.#content.thinkingInText(text);
  }

  /** Writes text. Finds tagged reasoning, leaked calls and stop sequences in it. */
  text(text: string): void {
    this.#content.text(text);
  }

  /** Writes text by which the upstream refuses to answer. */
  refusal(text: string): void {
    this.#content.refusal(text);
  }

  /** gemini: records the signature of a text or of reasoning. */
  sign(signature: string): void {
    this.#blocks.sign(signature);
  }

  /** Records a page that the answer cites. */
  cite(url: string, title: string): void {
    this.#blocks.sources.add(url, title);
  }

  /** Records the query of a search that the upstream made. The first one counts. */
  searched(query: string): void {
    this.#blocks.sources.noteQuery(query);
  }

  /** Records a page that such a search found. */
  found(url: string): void {
    this.#blocks.sources.addFound(url);
  }

  /** Ends the text or the reasoning so far: later content gets a block of its own. */
  endBlock(): void {
    this.#content.settleText();
    this.#blocks.endItem();
  }

  /** Announces calls before it is known which. */
  expectCall(): void {
    this.#content.settleText();
    this.#blocks.expectCall();
  }

  /** Begins a call; its pieces are pushed to the returned object. */
  beginCall(): BegunCall {
    this.expectCall();
    return this.#blocks.beginCall();
  }

  /** Returns the head of the message, unless it was already sent. */
  start(estimate: UsageEstimate): StreamEvent[] {
    return this.#frame.start(estimate);
  }

  /** The events since the last call, preceded by the head of the message unless it was already sent. */
  take(estimate: UsageEstimate): StreamEvent[] {
    return this.#frame.behindHead(this.#blocks.take(), estimate);
  }

  /**
   * Writes everything that was held back until the end of the answer, once. `sayRest` writes what the wire itself held
   * back. Fails if the answer broke off.
   */
  settle({ ending, stated, usage }: AnswerEnd, sayRest: () => void): void {
    if (this.#isSettled || this.#failure !== null) return;
    this.#isSettled = true;
    this.#attempt(() => {
      // guard: finish reason before the end
      if (ending === "end-of-body" && stated === null) throw brokenOff("the upstream ended the stream early");
      if (!this.hasHitStopSequence) sayRest();
      // Its result may be a failure, which ends the answer.
      this.#mapStop(stated, usage, this.callsBegun > 0);
      this.#content.finish(this.hasHitStopSequence ? "expected" : mapCallCut(stated));
    });
  }

  /** Ends the message, after `settle`; if the answer has failed, returns only the events so far. */
  finish(end: AnswerEnd, estimate: UsageEstimate): StreamEvent[] {
    if (this.#frame.isEnded) return [];
    const events = this.#failure === null ? this.#attempt(() => this.#end(end, estimate)) : null;
    return events ?? this.take(estimate);
  }

  #end({ stated, usage }: AnswerEnd, estimate: UsageEstimate): StreamEvent[] {
    const stop = this.#mapStop(stated, usage, this.#blocks.calls.written > 0);
    if (stated === null && !this.hasHitStopSequence) this.warn("the upstream gave no finish reason");
    if (stop.warning !== null) this.warn(stop.warning);
    if (usage === null) this.warn("the upstream told no usage");
    const sent = completeUsage(usage, estimate, this.#blocks.webSearches);
    return [...this.start(estimate), ...this.take(estimate), ...this.#frame.end(stop, sent)];
  }

  /** Runs a step. If it throws an UpstreamError, the answer fails and the result is null. */
  #attempt<Result>(step: () => Result): Result | null {
    try {
      return step();
    } catch (error) {
      this.fail(upstreamErrorOf(error));
      return null;
    }
  }

  #mapStop(stated: StatedEnd | null, usage: UpstreamUsage | null, producedToolUse: boolean): MappedStop {
    const { plan, contextWindow = null } = this.#options;
    return mapStop({
      stated,
      producedToolUse,
      producedAnything: !this.isEmpty,
      refusalText: this.#content.refusalText,
      watchedStopSequence: this.#content.stopSequenceHit,
      usage,
      maxTokens: plan.maxTokens,
      contextWindow,
    });
  }
}
