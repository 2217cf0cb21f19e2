import { nonEmptyString } from "../../../json/json-value.ts";
import { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type { AnswerTranslator } from "../../../translate/answer/answer-translator.ts";
import { AnswerWriter } from "../../../translate/answer/answer-writer.ts";
import { type ItemReader, ItemTranslator } from "../../../translate/answer/item-translator.ts";
import type { StatedEnd } from "../../../translate/answer/stated-end.ts";
import type { TranslatorOptions } from "../../../translate/answer/translator-options.ts";
import type { UpstreamUsage } from "../../../translate/answer/usage.ts";
import type { ChatChoice, ChatChunk } from "../chat-response.ts";
import { convertUsage, findUsage } from "./convert-usage.ts";
import { DeltaReader } from "./delta-reader.ts";
import { findDelta } from "./find-delta.ts";
import { findFirstChoice } from "./find-first-choice.ts";
import { mapFinishReason } from "./map-finish-reason.ts";
import { OtherChoices } from "./other-choices.ts";
import { ReasoningCollector } from "./reasoning-collector.ts";
import { upstreamErrorOfChunk } from "./upstream-error-of-chunk.ts";

/** Creates the translator of one answer, which takes its chunks or a whole completion. */
export function createChatTranslator(options: TranslatorOptions): AnswerTranslator<ChatChunk> {
  const room = new AnswerRoom();
  const reasoning = new ReasoningCollector(options.profile, room);
  const writer = new AnswerWriter(options, { reasoning, room });
  const deltas = new DeltaReader(writer, reasoning, room);
  return new ItemTranslator(writer, new ChunkReader(writer, options, { deltas, room }));
}

/** Reads the chunks of one answer. */
class ChunkReader implements ItemReader<ChatChunk> {
  readonly #options: Pick<TranslatorOptions, "plan" | "profile">;
  readonly #writer: Pick<AnswerWriter, "callsBegun" | "warn">;
  readonly #deltas: DeltaReader;
  readonly #others: OtherChoices;
  #finishReason: string | null = null;
  #stated: StatedEnd | null = null;
  #usage: unknown = undefined;
  #upstreamId: string | null = null;

  constructor(
    writer: Pick<AnswerWriter, "callsBegun" | "warn">,
    options: Pick<TranslatorOptions, "plan" | "profile">,
    { deltas, room }: { deltas: DeltaReader; room: AnswerRoom },
  ) {
    this.#options = options;
    this.#writer = writer;
    this.#deltas = deltas;
    this.#others = new OtherChoices(writer, room);
  }

  get stated(): StatedEnd | null {
    return this.#stated;
  }

  get hasFinishReason(): boolean {
    const isCalling = this.#others.isOpen && this.#writer.callsBegun === 0;
    return this.#finishReason !== null && !isCalling;
  }

  get endsPlainly(): boolean {
    const isPlainStop = this.#finishReason === null || this.#finishReason === "stop";
    return isPlainStop && !this.#others.hasCalls;
  }

  get usage(): UpstreamUsage | null {
    return convertUsage(this.#usage);
  }

  get upstreamId(): string | null {
    return this.#upstreamId;
  }

  note(chunk: ChatChunk): void {
    this.#usage = findUsage(chunk) ?? this.#usage;
  }

  read(chunk: ChatChunk): void {
    this.#upstreamId ??= nonEmptyString(chunk.id) ?? null;
    const choice = findFirstChoice(chunk.choices, this.#pushOther);
    if (choice !== null) this.#pushChoice(choice);
    const error = upstreamErrorOfChunk(chunk);
    if (error !== null) throw error;
  }

  finish(): void {
    this.#others.finish(this.#deltas);
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
