import type { StreamEvent } from "../../../anthropic/stream-event.ts";
import { nonEmptyString } from "../../../json/json-value.ts";
import { upstreamErrorOf } from "../../../translate/answer/answer-failures.ts";
import { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type {
  AnswerSummary,
  AnswerTranslator,
  UsageEstimate,
} from "../../../translate/answer/answer-translator.ts";
import { type AnswerEnd, AnswerWriter } from "../../../translate/answer/answer-writer.ts";
import type { Ending } from "../../../translate/answer/ending.ts";
import type { OutputText } from "../../../translate/answer/output-text.ts";
import type { StatedEnd } from "../../../translate/answer/stated-end.ts";
import type { TranslatorOptions } from "../../../translate/answer/translator-options.ts";
import type { UpstreamUsage } from "../../../translate/answer/usage.ts";
import type { UpstreamError } from "../../../upstream/upstream-error.ts";
import type { ChatChoice, ChatChunk } from "../chat-response.ts";
import { convertUsage, findUsage } from "./convert-usage.ts";
import { DeltaReader } from "./delta-reader.ts";
import { findDelta } from "./find-delta.ts";
import { findFirstChoice } from "./find-first-choice.ts";
import { mapFinishReason } from "./map-finish-reason.ts";
import { OtherChoices } from "./other-choices.ts";
import { ReasoningCollector } from "./reasoning-collector.ts";
import { upstreamErrorOfChunk } from "./upstream-error-of-chunk.ts";

/** Reads the chunks of one answer; the writer decides what the client gets of them. */
export class ChatTranslator implements AnswerTranslator<ChatChunk> {
  readonly #options: Pick<TranslatorOptions, "plan" | "profile">;
  readonly #writer: AnswerWriter;
  readonly #deltas: DeltaReader;
  readonly #others: OtherChoices;
  #finishReason: string | null = null;
  #stated: StatedEnd | null = null;
  #usage: unknown = undefined;
  #upstreamId: string | null = null;

  constructor(options: TranslatorOptions) {
    this.#options = options;
    const room = new AnswerRoom();
    const reasoning = new ReasoningCollector(options.profile, room);
    this.#writer = new AnswerWriter(options, { reasoning, room });
    this.#deltas = new DeltaReader(this.#writer, reasoning, room);
    this.#others = new OtherChoices(this.#writer, room);
  }

  get isStarted(): boolean {
    return this.#writer.isStarted;
  }

  get failure(): UpstreamError | null {
    return this.#writer.failure;
  }

  get hasFinishReason(): boolean {
    const isCalling = this.#others.isOpen && this.#writer.callsBegun === 0;
    return this.#finishReason !== null && !isCalling;
  }

  get hasHitStopSequence(): boolean {
    return this.#writer.hasHitStopSequence;
  }

  get upstreamUsage(): UpstreamUsage | null {
    return convertUsage(this.#usage);
  }

  get outputText(): OutputText {
    return this.#writer.outputText;
  }

  get isBarren(): boolean {
    const isPlainStop = this.#finishReason === null || this.#finishReason === "stop";
    const isEmpty = this.#writer.isEmpty && !this.#others.hasCalls;
    return isEmpty && this.failure === null && isPlainStop;
  }

  get summary(): AnswerSummary {
    return { ...this.#writer.summary, upstreamId: this.#upstreamId };
  }

  fail(error: UpstreamError): void {
    this.#writer.fail(error);
  }

  start(estimate: UsageEstimate): StreamEvent[] {
    return this.#writer.start(estimate);
  }

  /** Takes one chunk, or a whole completion, and returns the events for it. */
  push(chunk: ChatChunk, estimate: UsageEstimate): StreamEvent[] {
    this.#usage = findUsage(chunk) ?? this.#usage;
    if (this.#writer.isOver) return [];
    this.#upstreamId ??= nonEmptyString(chunk.id) ?? null;
    try {
      const choice = findFirstChoice(chunk.choices, this.#pushOther);
      if (choice !== null) this.#pushChoice(choice);
      const error = upstreamErrorOfChunk(chunk);
      if (error !== null) throw error;
    } catch (error) {
      this.#writer.fail(upstreamErrorOf(error));
    }
    return this.#writer.take(estimate);
  }

  settle(ending: Ending): void {
    this.#writer.settle(this.#endOf(ending), () => this.#others.finish(this.#deltas));
  }

  finish(ending: Ending, estimate: UsageEstimate): StreamEvent[] {
    this.settle(ending);
    return this.#writer.finish(this.#endOf(ending), estimate);
  }

  #endOf(ending: Ending): AnswerEnd {
    return { ending, stated: this.#stated, usage: this.upstreamUsage };
  }

  readonly #pushOther = (choice: ChatChoice, number: number): void => this.#others.push(choice, number);

  #pushChoice(choice: ChatChoice): void {
    const { plan, profile } = this.#options;
    const delta = findDelta(choice, plan, profile.traits.answer);
    if (delta !== null) this.#deltas.push(delta);
    if (this.#finishReason !== null) return;
    this.#finishReason = nonEmptyString(choice.finish_reason) ?? null;
    this.#stated = mapFinishReason(choice, plan.stopSequences);
  }
}
