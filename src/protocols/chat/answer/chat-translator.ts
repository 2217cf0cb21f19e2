import type { Message, Usage } from "../../../anthropic/message.ts";
import type { StreamEvent } from "../../../anthropic/stream-event.ts";
import { nonEmptyString } from "../../../json/json-value.ts";
import { AnswerContent } from "../../../translate/answer/answer-content.ts";
import { brokenOff, upstreamErrorOf } from "../../../translate/answer/answer-failures.ts";
import { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type {
  AnswerSummary,
  AnswerTranslator,
  UsageEstimate,
} from "../../../translate/answer/answer-translator.ts";
import { AnswerWarnings } from "../../../translate/answer/answer-warnings.ts";
import { buildMessageEnd, completeUsage } from "../../../translate/answer/build-message-end.ts";
import { buildMessageHead } from "../../../translate/answer/build-message-head.ts";
import { mapCallCut } from "../../../translate/answer/calls/call-cut.ts";
import type { Ending } from "../../../translate/answer/ending.ts";
import { type MappedStop, mapStop } from "../../../translate/answer/map-stop.ts";
import type { OutputText } from "../../../translate/answer/output-text.ts";
import type { StatedEnd } from "../../../translate/answer/stated-end.ts";
import type { TranslatorOptions } from "../../../translate/answer/translator-options.ts";
import type { UpstreamUsage } from "../../../translate/answer/usage.ts";
import type { UpstreamError } from "../../../upstream/upstream-error.ts";
import type { ChatChoice, ChatChunk } from "../chat-response.ts";
import { convertUsage, findUsage } from "./convert-usage.ts";
import { findDelta } from "./find-delta.ts";
import { findFirstChoice } from "./find-first-choice.ts";
import { mapFinishReason } from "./map-finish-reason.ts";
import { OtherChoices } from "./other-choices.ts";
import { upstreamErrorOfChunk } from "./upstream-error-of-chunk.ts";

/**
 * Turns the chunks of one answer into the events of one message: synchronous, without clock, ids or I/O of its
 * own. Events come out in the legal order of the client's wire whatever the upstream sends (rule 4).
 * When `failure` is set the answer has failed: nothing more comes, and what is open stays open, so that no cut
 * answer looks whole.
 */
export class ChatTranslator implements AnswerTranslator<ChatChunk> {
  readonly #options: TranslatorOptions;
  readonly #content: AnswerContent;
  readonly #others: OtherChoices;
  readonly #warnings = new AnswerWarnings();
  #isStarted: boolean;
  #isSettled = false;
  #isEnded = false;
  #failure: UpstreamError | null = null;
  #finishReason: string | null = null;
  #stated: StatedEnd | null = null;
  #usage: unknown = undefined;
  #upstreamId: string | null = null;
  #stopReason: Message["stop_reason"] = null;
  #usageSent: Usage | null = null;

  constructor(options: TranslatorOptions) {
    this.#options = options;
    this.#isStarted = options.isHeadSent ?? false;
    const warn = (text: string) => this.#warnings.add(text);
    const room = new AnswerRoom();
    this.#content = new AnswerContent({ ...options, warn, room });
    this.#others = new OtherChoices(room, warn);
  }

  /** True once `message_start` went out. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** What went wrong, once something did. */
  get failure(): UpstreamError | null {
    return this.#failure;
  }

  /** The upstream said why it stopped; only usage may still come. */
  get hasFinishReason(): boolean {
    const isCalling = this.#others.isOpen && this.#content.calls.begun === 0;
    return this.#finishReason !== null && !isCalling;
  }

  /** A stop sequence of ours was hit: the upstream need not go on. */
  get hasHitStopSequence(): boolean {
    return this.#content.stopSequenceHit !== null;
  }

  /** Usage as the upstream told it; null until it does. */
  get upstreamUsage(): UpstreamUsage | null {
    return convertUsage(this.#usage);
  }

  /** All visible text, reasoning and tool arguments so far, to estimate the output tokens from. */
  get outputText(): OutputText {
    return this.#content.outputText;
  }

  /** True when the answer has no content, no error and no reason for having none (rule 4.8). */
  get isBarren(): boolean {
    const isPlainStop = this.#finishReason === null || this.#finishReason === "stop";
    const isEmpty = this.#content.isEmpty && !this.#others.hasCalls;
    return isEmpty && this.#failure === null && isPlainStop;
  }

  /** Notes a failure that was found outside the chunks; the first one counts. */
  fail(error: UpstreamError): void {
    this.#failure ??= error;
  }

  /** What the log tells of the answer. */
  get summary(): AnswerSummary {
    return {
      stopReason: this.#stopReason,
      usage: this.#usageSent,
      upstreamId: this.#upstreamId,
      warnings: this.#warnings.all,
    };
  }

  /** Takes one chunk, or a whole completion, and returns the events it makes. */
  push(chunk: ChatChunk, estimate: UsageEstimate): StreamEvent[] {
    this.#usage = findUsage(chunk) ?? this.#usage;
    if (this.#isEnded || this.#failure !== null || this.hasHitStopSequence) return [];
    this.#upstreamId ??= nonEmptyString(chunk.id) ?? null;
    // Not by `#read`: functions would be made for every chunk.
    try {
      const choice = findFirstChoice(chunk.choices, this.#pushOther);
      if (choice !== null) this.#pushChoice(choice);
    } catch (error) {
      this.#failure = upstreamErrorOf(error);
    }
    this.#failure ??= upstreamErrorOfChunk(chunk);
    return this.#take(estimate);
  }

  /** Sends the head of the message before the upstream has said anything, so that the client does not give up. */
  start(estimate: UsageEstimate): StreamEvent[] {
    return this.#isStarted ? [] : this.#head(estimate);
  }

  /**
   * Reads what was held back to the end of the answer: calls in its text, arguments, further choices. Sets `failure` when
   * the answer broke off. What the answer says can be counted then; `finish` tells the client of it.
   */
  settle(ending: Ending): void {
    if (this.#isSettled || this.#failure !== null) return;
    this.#isSettled = true;
    // guard: finish reason before the end
    if (ending === "end-of-body" && this.#finishReason === null) {
      this.#failure = brokenOff("the upstream ended the stream early");
    } else if (!this.hasHitStopSequence) this.#read(() => this.#others.finish(this.#content));
    if (this.#failure !== null) return;
    const cut = this.hasHitStopSequence ? "expected" : mapCallCut(this.#stated);
    this.#read(() => {
      // It may be a failure, behind which nothing more comes.
      this.#mapStop(this.#content.calls.begun > 0, this.upstreamUsage);
      this.#content.finish(cut);
    });
  }

  /** Settles and ends the message; gives what there is of it where `failure` is set. */
  finish(ending: Ending, estimate: UsageEstimate): StreamEvent[] {
    if (this.#isEnded) return [];
    this.settle(ending);
    let events: StreamEvent[] | null = null;
    if (this.#failure === null) {
      this.#read(() => {
        events = this.#end(this.upstreamUsage, estimate);
      });
    }
    return events ?? this.#take(estimate);
  }

  #end(usage: UpstreamUsage | null, estimate: UsageEstimate): StreamEvent[] {
    const finish = this.#mapStop(this.#content.calls.written > 0, usage);
    if (this.#finishReason === null && !this.hasHitStopSequence)
      this.#warnings.add("the upstream gave no finish reason");
    if (finish.warning !== null) this.#warnings.add(finish.warning);
    if (usage === null) this.#warnings.add("the upstream told no usage");
    const sent = completeUsage(usage, estimate, this.#content.webSearches);
    const events = [...this.start(estimate), ...this.#take(estimate)];
    events.push(...buildMessageEnd(finish, sent, this.#options.plan));
    this.#isEnded = true;
    this.#stopReason = finish.stopReason;
    this.#usageSent = sent;
    return events;
  }

  /** Does what fails the answer when it throws an UpstreamError. */
  #read(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#failure = upstreamErrorOf(error);
    }
  }

  readonly #pushOther = (choice: ChatChoice, number: number): void => this.#others.push(choice, number);

  #pushChoice(choice: ChatChoice): void {
    const { plan, profile } = this.#options;
    const delta = findDelta(choice, plan, profile);
    if (delta !== null) this.#content.push(delta);
    const finishReason = nonEmptyString(choice.finish_reason);
    if (finishReason !== undefined && this.#finishReason === null) {
      this.#finishReason = finishReason;
      this.#stated = mapFinishReason(choice, plan.stopSequences);
    }
  }

  #mapStop(producedToolUse: boolean, usage: UpstreamUsage | null): MappedStop {
    const { plan } = this.#options;
    return mapStop({
      stated: this.#stated,
      producedToolUse,
      producedAnything: !this.#content.isEmpty,
      refusalText: this.#content.refusalText,
      watchedStopSequence: this.#content.stopSequenceHit,
      usage,
      maxTokens: plan.maxTokens,
      contextWindow: this.#options.contextWindow ?? null,
    });
  }

  /** The events made so far, behind the head of the message if that is still owed. */
  #take(estimate: UsageEstimate): StreamEvent[] {
    const events = this.#content.take();
    return events.length === 0 || this.#isStarted ? events : [...this.#head(estimate), ...events];
  }

  #head(estimate: UsageEstimate): StreamEvent[] {
    this.#isStarted = true;
    const { messageId, clientModel } = this.#options;
    return buildMessageHead({ id: messageId, model: clientModel, inputTokens: estimate.inputTokens });
  }
}
