import { createMessageAccumulator } from "../../anthropic/accumulate-message.ts";
import { buildErrorBody } from "../../anthropic/api-error.ts";
import { encodeEvents } from "../../anthropic/encode-sse.ts";
import {
  type ReadAnswer,
  type RecordedAnswer,
  readRecordedAnswer,
} from "../../relay/read-recorded-answer.ts";
import { parseMessagesRequest } from "../route/parse-messages-request.ts";
import type { TranslationWire } from "./select-wire.ts";
import { loadProtocol, readAsked } from "./translate-request.ts";

/** What is known of an answer besides its bytes. */
interface AnswerContext {
  /** The messages request that it answers, as JSON; null if that is not known. */
  readonly requestText: string | null;
  readonly wire: TranslationWire;
  readonly isStreamed: boolean;
}

interface TranslatedAnswer {
  /** Server-sent events, or the message as JSON; of a failure what the client gets then. */
  readonly output: string;
  readonly repaired: readonly string[];
  readonly isFailed: boolean;
  readonly hasUsage: boolean;
}

const requestId = `req_${"0".repeat(24)}`;

/**
 * Translates a recorded answer into what the client gets.
 * @throws CommandError if the request that it answers is none
 */
export async function translateAnswer(
  bytes: RecordedAnswer["bytes"],
  { requestText, wire, isStreamed }: AnswerContext,
): Promise<TranslatedAnswer> {
  const given = parseMessagesRequest(requestText ?? JSON.stringify(composeAnyRequest(wire.model)), undefined);
  const answer = await readRecordedAnswer(await loadProtocol(wire), {
    bytes,
    asked: readAsked(given, wire),
    clientModel: given.request.model,
    ...wire,
    isStreamed,
  });
  return {
    output: isStreamed ? formatEvents(answer) : formatMessage(answer),
    repaired: answer.warnings,
    isFailed: answer.error !== null,
    hasUsage: answer.hasUsage,
  };
}

/** A request with nothing in it that changes how an answer is read. */
function composeAnyRequest(model: string): object {
  return { model, max_tokens: 32_000, messages: [{ role: "user", content: "-" }] };
}

function formatEvents({ events, error }: ReadAnswer): string {
  return encodeEvents(error === null ? events : [...events, buildErrorBody(error, requestId)]);
}

function formatMessage({ events, error }: ReadAnswer): string {
  const accumulator = createMessageAccumulator();
  accumulator.add(events);
  return `${JSON.stringify(error === null ? accumulator.message : buildErrorBody(error, requestId), null, 2)}\n`;
}
