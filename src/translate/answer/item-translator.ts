import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { upstreamErrorOf } from "./answer-failures.ts";
import type { AnswerSummary, AnswerTranslator, UsageEstimate } from "./answer-translator.ts";
import type { AnswerEnd, AnswerWriter } from "./answer-writer.ts";
import type { Ending } from "./ending.ts";
import type { OutputText } from "./output-text.ts";
import type { StatedEnd } from "./stated-end.ts";
import type { UpstreamUsage } from "./usage.ts";

/** The part of a translator that knows its wire: reads the items of one answer and passes their content to the writer. */
export interface ItemReader<Item> {
  /** The upstream's reason for the end; null until it gave one. */
  readonly stated: StatedEnd | null;
  /** Nothing but usage may still come. */
  readonly hasFinishReason: boolean;
  /** Nothing that was read explains an answer without content. */
  readonly endsPlainly: boolean;
  /** As reported by the upstream; null until then. */
  readonly usage: UpstreamUsage | null;
  /** The upstream's id of the answer, or null. */
  readonly upstreamId: string | null;
  /** Notes the usage in an item, which may come behind the end of the content. */
  note(item: Item): void;
  /** Reads the content of an item. Throws UpstreamError if the item reports a failure or the answer is too long. */
  read(item: Item): void;
  /** Writes what the reader held until the end of the answer. Throws UpstreamError as `read` does. */
  finish(): void;
}

/** Translates the items of one answer: a reader of their wire reads them, the writer decides what the client gets. */
export class ItemTranslator<Item> implements AnswerTranslator<Item> {
  readonly #writer: AnswerWriter;
  readonly #reader: ItemReader<Item>;

  constructor(writer: AnswerWriter, reader: ItemReader<Item>) {
    this.#writer = writer;
    this.#reader = reader;
  }

  get isStarted(): boolean {
    return this.#writer.isStarted;
  }

  get failure(): UpstreamError | null {
    return this.#writer.failure;
  }

  get hasFinishReason(): boolean {
    return this.#reader.hasFinishReason;
  }

  get hasHitStopSequence(): boolean {
    return this.#writer.hasHitStopSequence;
  }

  get upstreamUsage(): UpstreamUsage | null {
    return this.#reader.usage;
  }

  get outputText(): OutputText {
    return this.#writer.outputText;
  }

  get isBarren(): boolean {
    return this.#writer.isEmpty && this.failure === null && this.#reader.endsPlainly;
  }

  get summary(): AnswerSummary {
    return { ...this.#writer.summary, upstreamId: this.#reader.upstreamId };
  }

  fail(error: UpstreamError): void {
    this.#writer.fail(error);
  }

  start(estimate: UsageEstimate): StreamEvent[] {
    return this.#writer.start(estimate);
  }

  push(item: Item, estimate: UsageEstimate): StreamEvent[] {
    this.#reader.note(item);
    if (this.#writer.isOver) return [];
    try {
      this.#reader.read(item);
    } catch (error) {
      this.#writer.fail(upstreamErrorOf(error));
    }
    return this.#writer.take(estimate);
  }

  settle(ending: Ending): void {
    this.#writer.settle(this.#endOf(ending), () => this.#reader.finish());
  }

  finish(ending: Ending, estimate: UsageEstimate): StreamEvent[] {
    this.settle(ending);
    return this.#writer.finish(this.#endOf(ending), estimate);
  }

  #endOf(ending: Ending): AnswerEnd {
    return { ending, stated: this.#reader.stated, usage: this.#reader.usage };
  }
}
