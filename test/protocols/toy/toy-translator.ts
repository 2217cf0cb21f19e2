import type { StreamEvent } from "../../../src/anthropic/stream-event.ts";
import { upstreamErrorOf } from "../../../src/translate/answer/answer-failures.ts";
import { AnswerRoom } from "../../../src/translate/answer/answer-room.ts";
import type { AnswerTranslator, UsageEstimate } from "../../../src/translate/answer/answer-translator.ts";
import { AnswerWriter } from "../../../src/translate/answer/answer-writer.ts";
import type { Ending } from "../../../src/translate/answer/ending.ts";
import type { StatedEnd } from "../../../src/translate/answer/stated-end.ts";
import type { TranslatorOptions } from "../../../src/translate/answer/translator-options.ts";
import type { UpstreamUsage } from "../../../src/translate/answer/usage.ts";
import type { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import type { ToyItem } from "./toy-item.ts";

const noReasoning = { isPending: false, take: () => ({}) };

/** Reads the items of one answer. */
export class ToyTranslator implements AnswerTranslator<ToyItem> {
  readonly #writer: AnswerWriter;
  #stated: StatedEnd | null = null;
  #usage: UpstreamUsage | null = null;

  constructor(options: TranslatorOptions) {
    this.#writer = new AnswerWriter(options, { reasoning: noReasoning, room: new AnswerRoom() });
  }

  get isStarted() {
    return this.#writer.isStarted;
  }
  get failure() {
    return this.#writer.failure;
  }
  get hasFinishReason() {
    return this.#stated !== null;
  }
  get hasHitStopSequence() {
    return this.#writer.hasHitStopSequence;
  }
  get isBarren() {
    return this.#writer.isEmpty;
  }
  get upstreamUsage() {
    return this.#usage;
  }
  get outputText() {
    return this.#writer.outputText;
  }
  get summary() {
    return { ...this.#writer.summary, upstreamId: null };
  }

  push({ think, say, call, end, used }: ToyItem, estimate: UsageEstimate): StreamEvent[] {
    try {
      if (think !== undefined) this.#writer.thinking(think);
      if (say !== undefined) this.#writer.text(say);
      if (call !== undefined) {
        const { id, name, takes } = call;
        this.#writer.beginCall().push({ id, name, arguments: takes, thoughtSignature: null });
      }
    } catch (error) {
      this.#writer.fail(upstreamErrorOf(error));
    }
    if (end !== undefined) this.#stated = { kind: end, stopSequence: null, warning: null };
    if (used !== undefined) this.#usage = usageOf(used);
    return this.#writer.take(estimate);
  }

  fail(error: UpstreamError): void {
    this.#writer.fail(error);
  }
  start(estimate: UsageEstimate): StreamEvent[] {
    return this.#writer.start(estimate);
  }
  settle(ending: Ending): void {
    this.#writer.settle({ ending, stated: this.#stated, usage: this.#usage }, () => {});
  }
  finish(ending: Ending, estimate: UsageEstimate): StreamEvent[] {
    this.settle(ending);
    return this.#writer.finish({ ending, stated: this.#stated, usage: this.#usage }, estimate);
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
