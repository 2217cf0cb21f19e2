import { createMessageAccumulator } from "../../src/anthropic/accumulate-message.ts";
import { buildErrorBody } from "../../src/anthropic/api-error.ts";
import { encodeEvents } from "../../src/anthropic/encode-sse.ts";
import type { Message } from "../../src/anthropic/message.ts";
import { messagesRequestSchema } from "../../src/anthropic/messages-request.ts";
import type { StreamEvent } from "../../src/anthropic/stream-event.ts";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../src/profiles/select-profile.ts";
import { chatDecoder } from "../../src/protocols/chat/answer/chat-decoder.ts";
import { createChatTranslator } from "../../src/protocols/chat/answer/chat-translator.ts";
import type { ChatChunk } from "../../src/protocols/chat/chat-response.ts";
import type { AnswerTranslator } from "../../src/translate/answer/answer-translator.ts";
import { mapUpstreamError } from "../../src/translate/failures/map-upstream-error.ts";
import type { DecodedItem } from "../../src/upstream/answer-decoder.ts";
import { createSseDecoder } from "../../src/upstream/decode-sse.ts";
import { errorContext } from "./error-context.ts";
import { translateRequest } from "./translate-request.ts";

/** What an answer answers: the messages request, and the upstream it went to. */
export interface TranslationCase {
  profile: ProfileId;
  model: string;
  request: unknown;
  /** The tag that the model's prompt is known to open its reasoning with. */
  loneThinkTag?: string | null;
}

export interface TranslatedAnswer {
  events: StreamEvent[];
  message: Message | null;
  warnings: string[];
  /** The events as bytes of the client's wire, with an error event at the end where the answer failed. */
  sse: string;
}

const estimate = { inputTokens: 7, outputTokens: 3 };

/** A translator whose ids are counted, for the answer to `translationCase`. */
export function createTestTranslator(
  translationCase: TranslationCase,
  { isWhole = false } = {},
): AnswerTranslator<ChatChunk> {
  const { model } = translationCase;
  const profile = selectProfile({
    setting: translationCase.profile,
    baseUrl: "http://127.0.0.1:9/v1",
    model,
  });
  const request = messagesRequestSchema.parse(translationCase.request);
  const { plan } = translateRequest(request, { model, profile, maxOutputTokens: 32_000 });
  let ids = 0;
  return createChatTranslator({
    messageId: "msg_000000000000000000000000",
    clientModel: request.model,
    plan,
    profile,
    loneThinkTag: { known: translationCase.loneThinkTag ?? null, learn: () => {} },
    newId: (prefix) => {
      ids += 1;
      return `${prefix}_${String(ids).padStart(24, "0")}`;
    },
    holdsToolArguments: isWhole || profile.traits.answer.buffersToolArguments,
  });
}

/** Translates the bytes of a streamed answer, given in pieces. */
export function translateStream(
  translationCase: TranslationCase,
  pieces: Iterable<Uint8Array>,
  options: { isWhole?: boolean } = {},
): TranslatedAnswer {
  const translator = createTestTranslator(translationCase, options);
  const decoder = createSseDecoder({ decoder: chatDecoder });
  const events: StreamEvent[] = [];
  let isOver = false;
  const take = (items: readonly DecodedItem<ChatChunk>[]) => {
    for (const item of items) {
      if (isOver) return;
      if (item.kind === "item") events.push(...translator.push(item.item, estimate));
      else {
        isOver = true;
        if (item.kind === "failure") translator.fail(item.error);
        else events.push(...translator.finish("done", estimate));
      }
      if (translator.hasHitStopSequence && !isOver) {
        isOver = true;
        events.push(...translator.finish("stopped", estimate));
      }
      if (translator.failure !== null) isOver = true;
    }
  };
  for (const piece of pieces) take(decoder.push(piece));
  take(decoder.finish());
  if (!isOver) events.push(...translator.finish("end-of-body", estimate));
  return toAnswer(translator, events);
}

/** Translates a whole completion. */
export function translateCompletion(
  translationCase: TranslationCase,
  completion: ChatChunk,
  options: { isWhole?: boolean } = { isWhole: true },
): TranslatedAnswer {
  const translator = createTestTranslator(translationCase, options);
  const events = [...translator.push(completion, estimate), ...translator.finish("done", estimate)];
  return toAnswer(translator, events);
}

function toAnswer(translator: AnswerTranslator<ChatChunk>, events: StreamEvent[]): TranslatedAnswer {
  if (translator.failure !== null) {
    events.push(buildErrorBody(mapUpstreamError(translator.failure, errorContext), `req_${"0".repeat(24)}`));
  }
  const accumulator = createMessageAccumulator();
  accumulator.add(events);
  return {
    events,
    message: accumulator.message,
    warnings: translator.summary.warnings,
    sse: encodeEvents(events),
  };
}
