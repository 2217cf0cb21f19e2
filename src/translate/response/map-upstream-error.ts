import { ApiError, type ApiErrorOptions, type ApiErrorType } from "../../anthropic/api-error.ts";
import { textsOfScalars } from "../../json/json-value.ts";
import type { UpstreamError } from "../../openai/upstream-error.ts";
import { cleanErrorText } from "./clean-error-text.ts";
import { type ContextOverflow, findContextOverflow } from "./context-overflow.ts";
import { type ErrorFacts, readErrorBody } from "./error-facts.ts";
import { resolveStatus } from "./resolve-status.ts";
import { deriveRetryAfter, readRetryAfter } from "./retry-after.ts";

export interface UpstreamErrorContext {
  /** The model id the upstream was asked for. */
  model: string;
  /** Prompt tokens as we count them; null when nobody counted. */
  estimatedInputTokens: number | null;
  /** The model's window in tokens; null when not known. */
  contextWindow: number | null;
}

/** What an error is made from. */
interface Failure {
  error: UpstreamError;
  facts: ErrorFacts;
  context: UpstreamErrorContext;
  /** The upstream's own text, under the name of the provider where OpenRouter tells it; never empty. */
  message: string;
}

/**
 * Says what the client is told of a failure between us and the upstream (rules 5.1 to 5.4). Returns an ApiError
 * whose text has no key and no control character in it.
 */
export function mapUpstreamError(error: UpstreamError, context: UpstreamErrorContext): ApiError {
  if (error.kind === "timeout") return build("timeout_error", error);
  // Nobody hears this one: the client is gone.
  if (error.kind === "aborted") return build("api_error", error, { status: 499 });
  if (error.kind !== "http" || isRedirect(error)) return build("api_error", error, { status: 502 });
  const facts = readErrorBody(error.body);
  const text = facts.text === "" ? error.message : facts.text;
  const message = facts.provider === null ? text : `${facts.provider}: ${text}`;
  return mapAnswer({ error, facts, context, message });
}

function mapAnswer(failure: Failure): ApiError {
  const { error, facts } = failure;
  const status = resolveStatus(error.status, facts);
  if (status === 402) return told("billing_error", failure, noRetry);
  const overflow = findContextOverflow(facts);
  if (overflow !== null && mayBeOverflow(status, failure)) return contextOverflow(overflow, failure);
  if (status === 413 && isTokenRateLimit(facts)) {
    const hint =
      "This counts max_tokens too: a smaller MAX_OUTPUT_TOKENS may help, a shorter prompt need not.";
    return told("rate_limit_error", { ...failure, message: `${failure.message} ${hint}` }, noRetry);
  }
  if (status === 400 && /function tools with reasoning_effort/i.test(facts.text)) {
    const hint = "(use this model through OpenRouter, which offers it with tools)";
    return told("invalid_request_error", { ...failure, message: `${failure.message} ${hint}` });
  }
  return mapStatus(status, failure);
}

const noRetry: ApiErrorOptions = { headers: { "x-should-retry": "false" } };

function mapStatus(status: number, failure: Failure): ApiError {
  const { error, facts } = failure;
  switch (status) {
    case 401:
      return told("authentication_error", { ...failure, message: keyRefused(failure) }, noRetry);
    case 403:
      return told("permission_error", { ...failure, message: withModeration(failure) });
    case 404:
      return told("not_found_error", { ...failure, message: notFound(failure) });
    case 408:
    case 504:
      return told("timeout_error", failure);
    case 409:
      return told("conflict_error", failure);
    case 413:
      return told("request_too_large", failure);
    case 429:
      return told("rate_limit_error", failure, {
        headers: {
          ...retryAfter(deriveRetryAfter(error, facts)),
          ...(isDailyLimit(facts) ? { "x-should-retry": "false" as const } : {}),
        },
      });
    case 500:
      return told("api_error", failure);
    case 503:
      return told("api_error", failure, { status: 503, headers: retryAfter(readRetryAfter(error)) });
    case 529:
      return told("overloaded_error", failure, { headers: retryAfter(readRetryAfter(error)) });
    default:
      return status < 500
        ? told("invalid_request_error", failure)
        : told("api_error", failure, { status: 502 });
  }
}

/** Codes of 3xx are refused by the client, whose text says so. */
function isRedirect({ status }: UpstreamError): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

/** The text decides for an error in a success, which has no status of its own. */
function mayBeOverflow(status: number, { error, facts }: Failure): boolean {
  return [400, 413, 422, 500].includes(status) || (error.status === 200 && facts.codeAsStatus === null);
}

/** Groq answers 413 when prompt and max_tokens together are over a minute's allowance. */
function isTokenRateLimit({ text, names }: ErrorFacts): boolean {
  return names.includes("rate_limit_exceeded") || /tokens per min/i.test(text);
}

function isDailyLimit({ text }: ErrorFacts): boolean {
  return /per[- ]day|daily/i.test(text);
}

/** Rule 5.3: forms that start the client's compaction, so that no digit may come between the words and the numbers. */
function contextOverflow(overflow: ContextOverflow, failure: Failure): ApiError {
  const { inputTokens, maxTokens } = overflow;
  const { estimatedInputTokens, contextWindow } = failure.context;
  const limit = overflow.limit ?? contextWindow;
  const say = (message: string) => told("invalid_request_error", { ...failure, message });
  if (limit !== null && inputTokens !== null && maxTokens !== null && inputTokens < limit) {
    return say(
      `input length and \`max_tokens\` exceed context limit: ${inputTokens} + ${maxTokens} > ${limit}, ` +
        "decrease input length or `max_tokens` and try again",
    );
  }
  const tokens = inputTokens ?? estimatedInputTokens;
  if (limit !== null && tokens !== null && tokens > limit) {
    return say(`prompt is too long: ${tokens} tokens > ${limit} maximum`);
  }
  return say(`prompt is too long (upstream: ${failure.message})`);
}

function keyRefused({ error, message }: Failure): string {
  const host = error.host ?? "The upstream";
  return `${host} did not accept the upstream key, which is the setting OPENAI_API_KEY: ${message}`;
}

const mostReasons = 20;

/** What OpenRouter's moderation objects to. */
function withModeration({ facts, message }: Failure): string {
  const { reasons, flagged_input: flagged } = facts.metadata;
  const said = textsOfScalars(reasons, mostReasons);
  const parts = [
    said.length > 0 ? `reasons: ${said.join(", ")}` : "",
    typeof flagged === "string" && flagged !== "" ? `flagged input: ${flagged}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? message : `${message} (${parts.join("; ")})`;
}

/** Claude Code gives its hint on models when it sees `model:`. */
function notFound({ facts, context, message }: Failure): string {
  const feature = /no endpoints found that support ([^.]+)/i.exec(facts.text)?.[1];
  if (feature !== undefined) {
    return `model: ${context.model}: no provider of this model supports ${feature}. Choose another model. (${message})`;
  }
  if (/model|endpoints/i.test([message, ...facts.names].join(" "))) {
    const names = "BIG_MODEL_NAME, MEDIUM_MODEL_NAME and SMALL_MODEL_NAME";
    return `model: ${context.model}: ${message} (the models are set by ${names})`;
  }
  return `${message} (no chat completions at this address: check the setting BASE_URL)`;
}

function retryAfter(seconds: string | undefined): NonNullable<ApiErrorOptions["headers"]> {
  return seconds === undefined ? {} : { "retry-after": seconds };
}

function told(type: ApiErrorType, { error, message }: Failure, options: ApiErrorOptions = {}): ApiError {
  return new ApiError(type, cleanErrorText(message), { ...options, cause: error });
}

function build(type: ApiErrorType, error: UpstreamError, options: ApiErrorOptions = {}): ApiError {
  return new ApiError(type, cleanErrorText(error.message), { ...options, cause: error });
}
