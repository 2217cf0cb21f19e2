import type { StreamEvent } from "../../../anthropic/stream-event.ts";
import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
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
import type { ResponseEvent, ResponseObject } from "../response-event.ts";
import { convertResponseUsage } from "./convert-response-usage.ts";
import { EventReader } from "./event-reader.ts";
import { isTerminal } from "./is-terminal.ts";
import { mapStatus, statusOf } from "./map-status.ts";
import { ReasoningItems } from "./reasoning-items.ts";

/** Reads the events of one response; the writer decides what the client gets of them. */
export class ResponsesTranslator implements AnswerTranslator<ResponseEvent> {
  readonly #maxTokens: number | null;
  readonly #writer: AnswerWriter;
  readonly #reader: EventReader;
  #stated: StatedEnd | null = null;
  /** What the upstream told of its charge, last. */
  #charge: ResponseObject | null = null;
  #upstreamId: string | null = null;

  constructor(options: TranslatorOptions) {
    const { maxTokens, tools } = options.plan;
    const room = new AnswerRoom();
    const reasoning = new ReasoningItems(room);
    this.#maxTokens = maxTokens;
    this.#writer = new AnswerWriter(
      { ...options, profile: withoutRepeats(options.profile) },
      { reasoning, room },
    );
    this.#reader = new EventReader({ writer: this.#writer, reasoning, room, tools });
  }

  get isStarted(): boolean {
    return this.#writer.isStarted;
  }

  get failure(): UpstreamError | null {
    return this.#writer.failure;
  }

  get hasFinishReason(): boolean {
    return this.#stated !== null;
  }

  get hasHitStopSequence(): boolean {
    return this.#writer.hasHitStopSequence;
  }

  /** Zero tokens of both kinds beside content are not counted, only written. */
  get upstreamUsage(): UpstreamUsage | null {
    const usage = this.#charge === null ? null : convertResponseUsage(this.#charge, this.#reader.searches);
    const isUncounted = usage?.promptTokens === 0 && usage.completionTokens === 0 && !this.#writer.isEmpty;
    return isUncounted ? null : usage;
  }

  get outputText(): OutputText {
    return this.#writer.outputText;
  }

  get isBarren(): boolean {
    const isPlainStop = this.#stated === null || this.#stated.kind === "done";
    return this.#writer.isEmpty && this.failure === null && isPlainStop;
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

  /** Takes one event, or a whole response as its terminal event, and returns the events for it. */
  push(event: ResponseEvent, estimate: UsageEstimate): StreamEvent[] {
    const response: ResponseObject | null = isJsonObject(event.response) ? event.response : null;
    if (response !== null) this.#note(response);
    if (this.#writer.isOver || this.#stated !== null) return [];
    try {
      if (isTerminal(event)) this.#end(event, response ?? {});
      else this.#reader.push(event);
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
    return { ending, stated: this.#stated, usage: this.upstreamUsage };
  }

  #note(response: ResponseObject): void {
    this.#upstreamId ??= nonEmptyString(response.id) ?? null;
    if (isJsonObject(response.usage)) this.#charge = response;
  }

  /** Reads the terminal event. Throws UpstreamError for a response that failed, after what there is of it. */
  #end({ type }: ResponseEvent, response: ResponseObject): void {
    const status = statusOf(type, response);
    this.#reader.readOutput(response.output, status === "completed");
    const limit = this.#maxTokens ?? Number.POSITIVE_INFINITY;
    // llama.cpp and Ollama say `completed` at the limit, too.
    const isFull = (this.upstreamUsage?.completionTokens ?? 0) >= limit;
    const stated = mapStatus(status, response, isFull);
    if (stated.kind === "failed") throw stated.failure;
    this.#stated = stated;
  }
}

/** The whole texts of this wire show what is a repetition, so that none has to be guessed. */
function withoutRepeats(profile: Profile): Profile {
  const { traits } = profile;
  const reasoning = { ...traits.reasoning, sendsSnapshots: false, repeatsTexts: false };
  return { ...profile, traits: { ...traits, reasoning } };
}
