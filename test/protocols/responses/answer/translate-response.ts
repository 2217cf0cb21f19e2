import { createMessageAccumulator } from "../../../../src/anthropic/accumulate-message.ts";
import { buildErrorBody } from "../../../../src/anthropic/api-error.ts";
import { encodeEvents } from "../../../../src/anthropic/encode-sse.ts";
import type { Message } from "../../../../src/anthropic/message.ts";
import { messagesRequestSchema } from "../../../../src/anthropic/messages-request.ts";
import type { StreamEvent } from "../../../../src/anthropic/stream-event.ts";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import { parseResponse } from "../../../../src/protocols/responses/answer/parse-response.ts";
import { responsesDecoder } from "../../../../src/protocols/responses/answer/responses-decoder.ts";
import { createResponsesTranslator as createTranslator } from "../../../../src/protocols/responses/answer/responses-translator.ts";
import type { ResponseEvent } from "../../../../src/protocols/responses/response-event.ts";
import type { AnswerPlan } from "../../../../src/translate/answer/answer-plan.ts";
import type { AnswerTranslator } from "../../../../src/translate/answer/answer-translator.ts";
import type { UpstreamUsage } from "../../../../src/translate/answer/usage.ts";
import { mapUpstreamError } from "../../../../src/translate/failures/map-upstream-error.ts";
import type { DecodedItem } from "../../../../src/upstream/answer-decoder.ts";
import { createSseDecoder } from "../../../../src/upstream/decode-sse.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";
import { errorContext } from "../../../support/error-context.ts";
import { translateRequest } from "../../../support/translate-request.ts";

/** What a response answers: the messages request, and the upstream it went to. */
export interface ResponseCase {
  profile: ProfileId;
  model: string;
  baseUrl?: string;
  request: unknown;
  plan?: Partial<AnswerPlan>;
  /** The model's window and our own count of the input, for errors. */
  context?: { contextWindow: number; estimatedInputTokens: number };
}

export interface TranslatedResponse {
  events: StreamEvent[];
  message: Message | null;
  warnings: string[];
  /** The events as bytes of the client's wire, with an error event at the end where the answer failed. */
  sse: string;
  /** Status and type of the error where the answer failed before anything was sent. */
  status: string | null;
  usage: UpstreamUsage | null;
}

const estimate = { inputTokens: 7, outputTokens: 3 };

/** A translator whose ids are counted. */
export function createResponsesTranslator(
  asked: ResponseCase,
  { isWhole = false } = {},
): AnswerTranslator<ResponseEvent> {
  const { model, baseUrl = "http://127.0.0.1:9/v1" } = asked;
  const profile = selectProfile({ setting: asked.profile, baseUrl, model, protocol: "responses" });
  const request = messagesRequestSchema.parse(asked.request);
  const { plan } = translateRequest(request, { model, profile, maxOutputTokens: 32_000 });
  let ids = 0;
  return createTranslator({
    messageId: "msg_000000000000000000000000",
    clientModel: request.model,
    plan: { ...plan, ...asked.plan },
    profile,
    newId: (prefix) => {
      ids += 1;
      return `${prefix}_${String(ids).padStart(24, "0")}`;
    },
    holdsToolArguments: isWhole || profile.traits.answer.buffersToolArguments,
  });
}

/** Translates the bytes of a streamed response, given in pieces. */
export function translateBytes(asked: ResponseCase, pieces: Iterable<Uint8Array>): TranslatedResponse {
  const translator = createResponsesTranslator(asked);
  const decoder = createSseDecoder({ decoder: responsesDecoder });
  const events: StreamEvent[] = [];
  let isOver = false;
  const take = (items: readonly DecodedItem<ResponseEvent>[]) => {
    for (const item of items) {
      if (isOver) return;
      if (item.kind === "item") events.push(...translator.push(item.item, estimate));
      else if (item.kind === "failure") translator.fail(item.error);
      isOver = item.kind !== "item" || translator.failure !== null || translator.hasHitStopSequence;
      if (isOver) events.push(...translator.finish(item.kind === "item" ? "stopped" : "done", estimate));
    }
  };
  for (const piece of pieces) take(decoder.push(piece));
  take(decoder.finish());
  if (!isOver) events.push(...translator.finish("end-of-body", estimate));
  return toAnswer(translator, events, asked);
}

/** Translates a streamed response; an event is an object, or the text of its data. */
export function translateEvents(
  asked: ResponseCase,
  events: readonly (object | string)[],
): TranslatedResponse {
  return translateBytes(asked, [bytesOf(events)]);
}

/** The bytes of a stream. */
export function bytesOf(events: readonly (object | string)[]): Uint8Array {
  const lines = events.map(
    (event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`,
  );
  return new TextEncoder().encode(lines.join(""));
}

/** Translates a whole response. */
export function translateWhole(
  asked: ResponseCase,
  body: object | string,
  options = { isWhole: true },
): TranslatedResponse {
  const translator = createResponsesTranslator(asked, options);
  const events: StreamEvent[] = [];
  try {
    const item = parseResponse(typeof body === "string" ? body : JSON.stringify(body), (text) => text);
    events.push(...translator.push(item, estimate), ...translator.finish("done", estimate));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    translator.fail(error);
  }
  return toAnswer(translator, events, asked);
}

function toAnswer(
  translator: AnswerTranslator<ResponseEvent>,
  events: StreamEvent[],
  { context }: ResponseCase,
): TranslatedResponse {
  const { failure } = translator;
  const error = failure === null ? null : mapUpstreamError(failure, { ...errorContext, ...context });
  const status = error === null || translator.isStarted ? null : `${error.status} ${error.type}`;
  if (error !== null) events.push(buildErrorBody(error, `req_${"0".repeat(24)}`));
  const accumulator = createMessageAccumulator();
  accumulator.add(events);
  return {
    events,
    message: accumulator.message,
    warnings: translator.summary.warnings,
    sse: encodeEvents(events),
    status,
    usage: translator.upstreamUsage,
  };
}
