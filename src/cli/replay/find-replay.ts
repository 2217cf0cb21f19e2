import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseExactJson } from "../../json/long-numbers.ts";
import { redactedText } from "../../logging/redact-text.ts";
import type { RecordReader } from "../../record/record-reader.ts";
import type { RecordedExchange, RecordedRequest } from "../../record/recorded-request.ts";
import { CommandError } from "../command-error.ts";
import { findExchange } from "../find-exchange.ts";
import { readAnswer } from "./read-answer.ts";
import type { ReplayAnswer } from "./replay-answer.ts";

/** A recorded request that can be sent again. */
export interface Replay {
  readonly request: RecordedRequest;
  readonly body: JsonObject;
  /** The body as it came. */
  readonly text: string;
  /** Places in which the record has no key any more: models now read `[redacted]` there. */
  readonly redactedPlaces: number;
  readonly recorded: ReplayAnswer;
}

/**
 * Finds a request in the record.
 * @param id as `findExchange` takes it
 * @throws CommandError if there is none, or if its body was not kept whole
 */
export async function findReplay(reader: Pick<RecordReader, "find" | "list">, id: string): Promise<Replay> {
  const exchange = await findExchange(reader, id);
  const { request, bodies } = exchange;
  const name = request.requestId;
  const kept = bodies.find((one) => one.name === "client-request");
  if (kept === undefined) {
    throw new CommandError(
      `What was asked in ${name} was not kept: usually only requests that failed are.\n` +
        "To keep all from now on, start the proxy with RECORD_BODIES=all.",
      1,
    );
  }
  if (kept.isCut) {
    throw new CommandError(
      `${name} cannot be sent again: of its ${kept.bytes} bytes only the beginning was kept.`,
      1,
    );
  }
  const body = parseExactJson(kept.text);
  if (!isJsonObject(body) || !request.path.endsWith("/messages")) {
    throw new CommandError(`${name} cannot be sent again: it is no messages request.`, 1);
  }
  const redactedPlaces = kept.text.split(redactedText).length - 1;
  return { request, body, text: kept.text, redactedPlaces, recorded: readRecorded(exchange) };
}

function readRecorded({ request, bodies }: RecordedExchange): ReplayAnswer {
  const kept = bodies.find(({ name }) => name === "client-response");
  const words = kept === undefined ? null : readAnswer(kept.text);
  const { requestId, upstream, model, status, stopReason, costUsd, durationMs, firstByteMs } = request;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, errorType } = request;
  return {
    asked: request.clientModel,
    requestId,
    upstream,
    model,
    status,
    text: words?.text ?? null,
    toolCalls: words?.toolCalls ?? null,
    stopReason,
    error: errorType === null ? null : `${errorType}: ${request.errorMessage ?? ""}`,
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    costUsd,
    durationMs,
    firstByteMs,
  };
}
