import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";

/** Tokens as Anthropic counts them; null for what was not told. */
export interface PassedUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly thinkingTokens: number | null;
}

/** An error in the words of the upstream. */
export interface ToldError {
  readonly type: string;
  readonly message: string;
  /** The whole event or body. */
  readonly body: JsonObject;
}

/** What the record says of an answer that is passed on; null for what was not told. */
export interface AnswerFacts {
  readonly model: string | null;
  readonly stopReason: string | null;
  readonly usage: PassedUsage;
  /** The first error that the answer tells of. */
  readonly error: ToldError | null;
}

/** Of an answer of which nothing was read. */
export const noFacts: AnswerFacts = {
  model: null,
  stopReason: null,
  usage: {
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    thinkingTokens: null,
  },
  error: null,
};

/**
 * Adds what one event, or a whole message, tells: a message, `message_start`, `message_delta` or an error. Later numbers
 * stand in for earlier ones, as they are totals.
 */
export function addFacts(facts: AnswerFacts, value: unknown): AnswerFacts {
  if (!isJsonObject(value)) return facts;
  const { error } = value;
  if (value["type"] === "error" || isJsonObject(error)) {
    return { ...facts, error: facts.error ?? readError(value) };
  }
  const message = isJsonObject(value["message"]) ? value["message"] : value;
  const delta = isJsonObject(value["delta"]) ? value["delta"] : message;
  return {
    ...facts,
    model: nonEmptyString(message["model"]) ?? facts.model,
    stopReason: nonEmptyString(delta["stop_reason"]) ?? facts.stopReason,
    usage: addUsage(facts.usage, isJsonObject(value["usage"]) ? value["usage"] : message["usage"]),
  };
}

function readError(body: JsonObject): ToldError {
  const error = isJsonObject(body["error"]) ? body["error"] : body;
  return {
    type: nonEmptyString(error["type"]) ?? "api_error",
    message: nonEmptyString(error["message"]) ?? "the upstream gave no reason",
    body,
  };
}

function addUsage(known: PassedUsage, usage: unknown): PassedUsage {
  if (!isJsonObject(usage)) return known;
  const details = isJsonObject(usage["output_tokens_details"]) ? usage["output_tokens_details"] : {};
  return {
    inputTokens: countOf(usage["input_tokens"]) ?? known.inputTokens,
    outputTokens: countOf(usage["output_tokens"]) ?? known.outputTokens,
    cacheReadTokens: countOf(usage["cache_read_input_tokens"]) ?? known.cacheReadTokens,
    cacheWriteTokens: countOf(usage["cache_creation_input_tokens"]) ?? known.cacheWriteTokens,
    thinkingTokens: countOf(details["thinking_tokens"]) ?? known.thinkingTokens,
  };
}

function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
