import { AnswerRoom } from "../../../src/translate/answer/answer-room.ts";
import type { AnswerTranslator } from "../../../src/translate/answer/answer-translator.ts";
import { AnswerWriter } from "../../../src/translate/answer/answer-writer.ts";
import { type ItemReader, ItemTranslator } from "../../../src/translate/answer/item-translator.ts";
import type { StatedEnd } from "../../../src/translate/answer/stated-end.ts";
import type { TranslatorOptions } from "../../../src/translate/answer/translator-options.ts";
import type { UpstreamUsage } from "../../../src/translate/answer/usage.ts";
import type { ToyItem } from "./toy-item.ts";

const noReasoning = { isPending: false, take: () => ({}) };

/** Creates the translator of one answer. */
export function createToyTranslator(options: TranslatorOptions): AnswerTranslator<ToyItem> {
  const writer = new AnswerWriter(options, { reasoning: noReasoning, room: new AnswerRoom() });
  return new ItemTranslator(writer, new ToyReader(writer));
}

/** Reads the items of one answer. */
class ToyReader implements ItemReader<ToyItem> {
  readonly #writer: AnswerWriter;
  readonly upstreamId = null;
  readonly endsPlainly = true;
  stated: StatedEnd | null = null;
  usage: UpstreamUsage | null = null;

  constructor(writer: AnswerWriter) {
    this.#writer = writer;
  }

  get hasFinishReason() {
    return this.stated !== null;
  }

  note({ used }: ToyItem): void {
    if (used !== undefined) this.usage = usageOf(used);
  }

  read({ think, say, call, end }: ToyItem): void {
    if (think !== undefined) this.#writer.thinking(think);
    if (say !== undefined) this.#writer.text(say);
    if (call !== undefined) {
      const { id, name, takes } = call;
      this.#writer.beginCall().push({ id, name, arguments: takes, thoughtSignature: null });
    }
    if (end !== undefined) this.stated = { kind: end, stopSequence: null, warning: null };
  }

  finish(): void {
    // It holds nothing back.
  }
}

function usageOf([promptTokens, completionTokens]: [number, number]): UpstreamUsage {
  const cache = { cacheReadTokens: 0, cacheWriteTokens: 0 };
  return {
    promptTokens,
    completionTokens,
    ...cache,
    thinkingTokens: null,
    webSearchRequests: null,
    costUsd: null,
  };
}
