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
  /** Why, as the upstream said; null when it did not. */
  stated: StatedEnd | null;
  /** Null when the upstream reported none. */
  usage: UpstreamUsage | null;
}

/** What a wire brings with it. */
export interface WireParts {
  /** What of its reasoning has to go back to the upstream. */
  reasoning: PendingReasoning;
  /** The room of the answer, of which the wire takes for what it keeps itself. */
  room: AnswerRoom;
}

/**
 * Writes the events of one message: a wire's translator reads its items and says here what is in them. Whatever is
 * said, the events come out in the legal order of the client's wire (rule 4).
 *
 * A failure has one way: whatever finds one throws an UpstreamError, whoever pushes or ends the answer catches it, and
 * `fail` keeps it. Then nothing more comes, and what is open stays open, so that no cut answer looks whole.
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

  /** True once `message_start` went out. */
  get isStarted(): boolean {
    return this.#frame.isStarted;
  }

  /** Nothing that is said now would be heard. */
  get isOver(): boolean {
    return this.#frame.isEnded || this.#failure !== null || this.hasHitStopSequence;
  }

  /** What went wrong, once something did. */
  get failure(): UpstreamError | null {
    return this.#failure;
  }

  /** A stop sequence of ours was hit: the upstream need not go on. */
  get hasHitStopSequence(): boolean {
    return this.#content.stopSequenceHit !== null;
  }

  /** Nothing was made and nothing is waiting to be. */
  get isEmpty(): boolean {
    return this.#content.isEmpty;
  }

  /** How many calls were begun. */
  get callsBegun(): number {
    return this.#blocks.calls.begun;
  }

  /** All visible text, reasoning and tool arguments so far, to estimate the output tokens from. */
  get outputText(): OutputText {
    return this.#blocks.outputText;
  }

  /** What the log records of the answer, but for the upstream's id of it. */
  get summary(): Omit<AnswerSummary, "upstreamId"> {
    return { ...this.#frame.summary, warnings: this.#warnings.all };
  }

  /** Keeps a failure; the first one counts. */
  fail(error: UpstreamError): void {
    this.#failure ??= error;
  }

  /** Notes what is worth a line in the log. */
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

  /** Writes text: reasoning that is tagged in it, calls that leaked into it and stop sequences are found here. */
  text(text: string): void {
    this.#content.text(text);
  }

  /** Writes text by which the upstream refuses to answer. */
  refusal(text: string): void {
    this.#content.refusal(text);
  }

  /** gemini: keeps the signature of a text or of reasoning. */
  sign(signature: string): void {
    this.#blocks.sign(signature);
  }

  /** Notes a page that the answer cites. */
  cite(url: string, title: string): void {
    this.#blocks.cite(url, title);
  }

  /** Ends the text or the reasoning so far: what follows has a block of its own. */
  endBlock(): void {
    this.#content.settleText();
    this.#blocks.endBlock();
  }

  /** Says that calls follow, before it is known which. */
  expectCall(): void {
    this.#content.settleText();
    this.#blocks.expectCall();
  }

  /** Begins a call; its pieces are pushed to what it returns. */
  beginCall(): BegunCall {
    this.expectCall();
    return this.#blocks.beginCall();
  }

  /** Sends the head of the message, unless it went out. */
  start(estimate: UsageEstimate): StreamEvent[] {
    return this.#frame.start(estimate);
  }

  /** The events made since the last call, behind the head of the message unless it went out. */
  take(estimate: UsageEstimate): StreamEvent[] {
    return this.#frame.behindHead(this.#blocks.take(), estimate);
  }

  /**
   * Writes what was held back to the end of the answer, once. `sayRest` says what the wire itself held back. Fails where
   * the answer broke off.
   */
  settle({ ending, stated, usage }: AnswerEnd, sayRest: () => void): void {
    if (this.#isSettled || this.#failure !== null) return;
    this.#isSettled = true;
    this.#attempt(() => {
      // guard: finish reason before the end
      if (ending === "end-of-body" && stated === null) throw brokenOff("the upstream ended the stream early");
      if (!this.hasHitStopSequence) sayRest();
      // It may be a failure, behind which nothing more comes.
      this.#mapStop(stated, usage, this.callsBegun > 0);
      this.#content.finish(this.hasHitStopSequence ? "expected" : mapCallCut(stated));
    });
  }

  /** Ends the message, behind `settle`; gives what there is of it where the answer has failed. */
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

  /** Does what fails the answer when it throws an UpstreamError; null then. */
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
