import type { Usage } from "../../anthropic/message.ts";
import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { AnswerSummary, UsageEstimate } from "./answer-translator.ts";
import { buildMessageEnd } from "./build-message-end.ts";
import { buildMessageHead } from "./build-message-head.ts";
import type { MappedStop } from "./map-stop.ts";
import type { TranslatorOptions } from "./translator-options.ts";

type FrameOptions = Pick<TranslatorOptions, "clientModel" | "isHeadSent" | "messageId" | "plan">;

/** The events around the content blocks of a message: its head and its end, each once. */
export class MessageFrame {
  readonly #options: FrameOptions;
  #isStarted: boolean;
  /** The end as sent to the client; null until then. */
  #end: Pick<AnswerSummary, "stopReason" | "usage"> | null = null;

  constructor(options: FrameOptions) {
    this.#options = options;
    this.#isStarted = options.isHeadSent ?? false;
  }

  /** True once `message_start` was sent. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** True once `message_stop` was sent. */
  get isEnded(): boolean {
    return this.#end !== null;
  }

  /** The facts about the end for the log. */
  get summary(): Pick<AnswerSummary, "stopReason" | "usage"> {
    return this.#end ?? { stopReason: null, usage: null };
  }

  /** The head of the message, unless it was already sent. */
  start(estimate: UsageEstimate): StreamEvent[] {
    if (this.#isStarted) return [];
    this.#isStarted = true;
    const { messageId, clientModel } = this.#options;
    return buildMessageHead({ id: messageId, model: clientModel, inputTokens: estimate.inputTokens });
  }

  /** Events of the content, preceded by the head of the message unless it was already sent. */
  behindHead(events: StreamEvent[], estimate: UsageEstimate): StreamEvent[] {
    return events.length === 0 || this.#isStarted ? events : [...this.start(estimate), ...events];
  }

  /** The end of the message. */
  end(stop: MappedStop, usage: Usage): StreamEvent[] {
    this.#end = { stopReason: stop.stopReason, usage };
    return buildMessageEnd(stop, usage, this.#options.plan);
  }
}
