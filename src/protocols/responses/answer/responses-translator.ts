import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type { AnswerTranslator } from "../../../translate/answer/answer-translator.ts";
import { AnswerWriter } from "../../../translate/answer/answer-writer.ts";
import { type ItemReader, ItemTranslator } from "../../../translate/answer/item-translator.ts";
import type { StatedEnd } from "../../../translate/answer/stated-end.ts";
import { restoreOpenTag } from "../../../translate/answer/text/think-tags.ts";
import type { TranslatorOptions } from "../../../translate/answer/translator-options.ts";
import type { UpstreamUsage } from "../../../translate/answer/usage.ts";
import type { ResponseEvent, ResponseObject } from "../response-event.ts";
import { convertResponseUsage } from "./convert-response-usage.ts";
import { EventReader } from "./event-reader.ts";
import { isTerminal } from "./is-terminal.ts";
import { mapStatus, statusOf } from "./map-status.ts";
import { ReasoningItems } from "./reasoning-items.ts";

/** Creates the translator of one answer, which takes its events or a whole response as its terminal event. */
export function createResponsesTranslator(options: TranslatorOptions): AnswerTranslator<ResponseEvent> {
  const { plan, profile } = options;
  const room = new AnswerRoom();
  const reasoning = new ReasoningItems(room);
  const writer = new AnswerWriter({ ...options, profile: withoutRepeats(profile) }, { reasoning, room });
  const openReasoning = (text: string) => restoreOpenTag(text, plan, profile.traits.answer);
  const events = new EventReader({ writer, reasoning, room, tools: plan.tools, openReasoning });
  return new ItemTranslator(writer, new ResponseReader(writer, events, plan.maxTokens));
}

/** The whole texts of this wire show what is a repetition, so that none has to be guessed. */
function withoutRepeats(profile: Profile): Profile {
  const { traits } = profile;
  const reasoning = { ...traits.reasoning, sendsSnapshots: false, repeatsTexts: false };
  return { ...profile, traits: { ...traits, reasoning } };
}

/** Reads the events of one response. */
class ResponseReader implements ItemReader<ResponseEvent> {
  readonly #writer: Pick<AnswerWriter, "isEmpty">;
  readonly #events: EventReader;
  readonly #maxTokens: number | null;
  #stated: StatedEnd | null = null;
  /** What the upstream told of its charge, last. */
  #charge: ResponseObject | null = null;
  #upstreamId: string | null = null;

  constructor(writer: Pick<AnswerWriter, "isEmpty">, events: EventReader, maxTokens: number | null) {
    this.#writer = writer;
    this.#events = events;
    this.#maxTokens = maxTokens;
  }

  get stated(): StatedEnd | null {
    return this.#stated;
  }

  get hasFinishReason(): boolean {
    return this.#stated !== null;
  }

  get endsPlainly(): boolean {
    return this.#stated === null || this.#stated.kind === "done";
  }

  /** Zero tokens of both kinds beside content are not counted, only written. */
  get usage(): UpstreamUsage | null {
    const usage = this.#charge === null ? null : convertResponseUsage(this.#charge, this.#events.searches);
    const isUncounted = usage?.promptTokens === 0 && usage.completionTokens === 0 && !this.#writer.isEmpty;
    return isUncounted ? null : usage;
  }

  get upstreamId(): string | null {
    return this.#upstreamId;
  }

  note({ response }: ResponseEvent): void {
    if (!isJsonObject(response)) return;
    this.#upstreamId ??= nonEmptyString(response["id"]) ?? null;
    if (isJsonObject(response["usage"])) this.#charge = response;
  }

  read(event: ResponseEvent): void {
    if (this.#stated !== null) return;
    if (isTerminal(event)) this.#end(event);
    else this.#events.push(event);
  }

  finish(): void {
    this.#events.finish();
  }

  /** Reads the terminal event. Throws UpstreamError for a response that failed, after what there is of it. */
  #end({ type, response: told }: ResponseEvent): void {
    const response: ResponseObject = isJsonObject(told) ? told : {};
    const status = statusOf(type, response);
    this.#events.readOutput(response.output, status === "completed");
    const limit = this.#maxTokens ?? Number.POSITIVE_INFINITY;
    // llama.cpp and Ollama say `completed` at the limit, too.
    const isFull = (this.usage?.completionTokens ?? 0) >= limit;
    const stated = mapStatus(status, response, isFull);
    if (stated.kind === "failed") throw stated.failure;
    this.#stated = stated;
  }
}
