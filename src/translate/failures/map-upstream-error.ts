import { ApiError, type ApiErrorOptions, type ApiErrorType } from "../../anthropic/api-error.ts";
import { setUpStatus } from "../../anthropic/set-up-status.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { cleanErrorText } from "./clean-error-text.ts";
import { type ContextOverflow, findContextOverflow } from "./context-overflow.ts";
import { type ErrorFacts, readErrorBody } from "./error-facts.ts";
import { isDailyLimit, isTokenRateLimit, sayPassing } from "./passing-faults.ts";
import { resolveStatus } from "./resolve-status.ts";
import { deriveRetryAfter, readRetryAfter } from "./retry-after.ts";
import {
  isUnknownModel,
  lacksTools,
  type SetUpContext,
  sayForbidden,
  sayKeyRefused,
  sayNoProvider,
  sayNoTools,
  sayOtherWire,
  sayUnknownModel,
  sayWrongAddress,
  wantsTls,
} from "./set-up-faults.ts";
import { sayUnreadable } from "./unreadable-reasoning.ts";
import { wantsOtherSetting } from "./wrong-wire.ts";

export interface UpstreamErrorContext extends SetUpContext {
  /** Whether the upstream has ever answered: then the same failure may be temporary. */
  hasAnswered: boolean;
  /** Prompt tokens by our own count; null if they were not counted. */
  estimatedInputTokens: number | null;
  /** The model's window in tokens; null if unknown. */
  contextWindow: number | null;
}

/** The inputs of an error. */
interface Failure {
  error: UpstreamError;
  facts: ErrorFacts;
  context: UpstreamErrorContext;
  /** The upstream's own text, prefixed with the provider's name if OpenRouter gives it; never empty. */
  message: string;
}

/**
 * Converts a failure between us and the upstream to the error for the client (rules 5.1 to 5.4). Returns an ApiError
 * whose text contains no key and no control character.
 */
export function mapUpstreamError(error: UpstreamError, context: UpstreamErrorContext): ApiError {
  // Nobody receives this one: the client is gone.
  if (error.kind === "aborted") return build("api_error", error, context, { status: 499 });
  const setUp = isSetUpFault(error, context) ? wrongSetUp : null;
  if (error.kind === "timeout") return build("timeout_error", error, context, setUp ?? {});
  if (error.kind !== "http" || isRedirect(error))
    return build("api_error", error, context, setUp ?? { status: 502 });
  const facts = readErrorBody(error.body);
  const text = facts.text === "" ? error.message : facts.text;
  const message = facts.provider === null ? text : `${facts.provider}: ${text}`;
  return mapAnswer({ error, facts, context, message });
}

function mapAnswer(failure: Failure): ApiError {
  const { error, facts, context } = failure;
  if (error.setUp !== undefined) return noAnswer(failure);
  const status = resolveStatus(error.status, facts);
  if (status === 402) return passing("billing_error", status, failure, noRetry);
  const overflow = findContextOverflow(facts);
  if (overflow !== null && mayBeOverflow(status, failure)) return contextOverflow(overflow, failure);
  if (status === 413 && isTokenRateLimit(facts)) {
    const hint =
      "This counts max_tokens too: a smaller MAX_OUTPUT_TOKENS may help, a shorter prompt need not.";
    const limited = { ...failure, facts: { ...facts, text: `${failure.facts.text} ${hint}` } };
    return passing("rate_limit_error", 429, limited, noRetry);
  }
  if (
    status === 400 &&
    !context.isProtocolFixed &&
    /function tools with reasoning_effort/i.test(facts.text)
  ) {
    const hint = "(use this model through OpenRouter, which offers it with tools)";
    return told("invalid_request_error", { ...failure, message: `${failure.message} ${hint}` });
  }
  return mapSetUp(status, failure) ?? mapStatus(status, failure);
}

const noRetry: ApiErrorOptions = { headers: { "x-should-retry": "false" } };
const wrongSetUp: ApiErrorOptions = { ...noRetry, status: setUpStatus };

function isSetUpFault({ setUp }: UpstreamError, { hasAnswered }: UpstreamErrorContext): boolean {
  return setUp === "wrong" || (setUp === "doubtful" && !hasAnswered);
}

/** The error for a success that contains no answer. */
function noAnswer(failure: Failure): ApiError {
  const { error, context } = failure;
  const hint = `Check the setting BASE_URL: is ${hostOf(failure)} an OpenAI-compatible server?`;
  const options = isSetUpFault(error, context) ? wrongSetUp : { status: 502 };
  return told("api_error", { ...failure, message: `${failure.message}. ${hint}` }, options);
}

/**
 * The error for a failure that only a change of settings can end, whatever its status (rule 5.5); null for any other
 * failure.
 */
function mapSetUp(status: number, failure: Failure): ApiError | null {
  const { facts, context } = failure;
  const host = hostOf(failure);
  const message = facts.text === "" ? `it answered ${failure.error.status ?? status}` : failure.message;
  const say = (type: ApiErrorType, text: string) => told(type, { ...failure, message: text }, wrongSetUp);
  if (wantsOtherSetting(failure.error, context))
    return say("invalid_request_error", sayOtherWire(host, message, context));
  if (status === 401) return say("authentication_error", sayKeyRefused(host, message));
  if (status === 403) return say("permission_error", sayForbidden(host, message, facts));
  if (status === 407)
    return say("permission_error", `an HTTP proxy before ${host} wants a login: ${message}`);
  if (wantsTls(facts))
    return say("api_error", `${host} speaks TLS. The setting BASE_URL must begin with https://`);
  if (lacksTools(facts)) return say("invalid_request_error", sayNoTools(host, message, context));
  const feature = /no endpoints found that support ([^.]+)/i.exec(facts.text)?.[1];
  if (feature !== undefined) return say("not_found_error", sayNoProvider(host, feature, message, context));
  const isMissing = status === 404;
  // Servers for static files answer 501 to a POST.
  const isElsewhere = isMissing || status === 405 || status === 501;
  if (isUnknownModel(facts) || (isMissing && /model|endpoints/i.test([message, ...facts.names].join(" ")))) {
    return say("not_found_error", sayUnknownModel(host, message, context));
  }
  return isElsewhere ? say("not_found_error", sayWrongAddress(host, message, context)) : null;
}

function hostOf({ error, context }: Pick<Failure, "error" | "context">): string {
  return error.host ?? new URL(context.baseUrl).host;
}

function mapStatus(status: number, failure: Failure): ApiError {
  const { error, facts, message } = failure;
  switch (status) {
    case 408:
    case 504:
      return passing("timeout_error", status, failure);
    case 409:
      return passing("conflict_error", status, failure);
    case 413:
      return told("request_too_large", failure);
    case 429:
      return passing("rate_limit_error", status, failure, {
        headers: {
          ...retryAfter(deriveRetryAfter(error, facts)),
          ...(isDailyLimit(facts) ? { "x-should-retry": "false" as const } : {}),
        },
      });
    case 500:
      return passing("api_error", status, failure);
    case 503:
      return passing("api_error", status, failure, {
        status: 503,
        headers: retryAfter(readRetryAfter(error)),
      });
    case 529:
      return passing("overloaded_error", status, failure, { headers: retryAfter(readRetryAfter(error)) });
    default:
      return status < 500
        ? told("invalid_request_error", { ...failure, message: sayUnreadable(facts, message) ?? message })
        : passing("api_error", status, failure, { status: 502 });
  }
}

/** The error for a temporary failure: names the failed side and the time to wait. */
function passing(
  type: ApiErrorType,
  status: number,
  failure: Failure,
  options: ApiErrorOptions = {},
): ApiError {
  const { error, facts, context } = failure;
  const { status: sentStatus = 200 } = error;
  const host = hostOf(failure);
  const waitSeconds = options.headers?.["retry-after"];
  const message =
    facts.text === "" && sentStatus < 400
      ? nameUpstream(error.message, host)
      : sayPassing({ status, sentStatus, facts, host, model: context.model, waitSeconds });
  return told(type, { ...failure, message }, options);
}

/** The upstream client refuses 3xx statuses, and its error text says so. */
function isRedirect({ status }: UpstreamError): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

/** For an error in a success, which has no status of its own, the text decides. */
function mayBeOverflow(status: number, { error, facts }: Failure): boolean {
  return [400, 413, 422, 500].includes(status) || (error.status === 200 && facts.codeAsStatus === null);
}

/**
 * Rule 5.3: forms that start the client's compaction, so no digit may come between the words and the numbers. With
 * numbers, the client cuts its history before it summarises it; if the window is unknown, the code names the fault.
 */
function contextOverflow(overflow: ContextOverflow, failure: Failure): ApiError {
  const { inputTokens, maxTokens, fittingPart } = overflow;
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
  // The ratio of bytes also gives the part of the tokens that fits.
  if (fittingPart !== undefined && tokens !== null && tokens > 1) {
    return say(tooLong(tokens, Math.max(1, Math.min(tokens - 1, Math.floor(tokens * fittingPart)))));
  }
  // The upstream knows better than our estimate: the prompt is at least one token too long.
  if (limit !== null) return say(tooLong(Math.max(tokens ?? 0, limit + 1), limit));
  return say(`prompt is too long (capability_rejected: prompt_too_long; upstream: ${failure.message})`);
}

function tooLong(tokens: number, limit: number): string {
  return `prompt is too long: ${tokens} tokens > ${limit} maximum`;
}

function retryAfter(seconds: string | undefined): NonNullable<ApiErrorOptions["headers"]> {
  return seconds === undefined ? {} : { "retry-after": seconds };
}

/** In characters: room for our words around an upstream's own text, which is cut before. */
const longestTold = 3000;

function told(type: ApiErrorType, { error, message }: Failure, options: ApiErrorOptions = {}): ApiError {
  return new ApiError(type, cleanErrorText(message, longestTold), { ...options, cause: error });
}

/** The code that reads an answer does not know its host. */
function nameUpstream(message: string, host: string): string {
  return message.replace(/^the upstream\b/i, () => host);
}

/** The error for a failure without a body. */
function build(
  type: ApiErrorType,
  error: UpstreamError,
  context: UpstreamErrorContext,
  options: ApiErrorOptions = {},
): ApiError {
  const message = nameUpstream(error.message, hostOf({ error, context }));
  return new ApiError(type, cleanErrorText(message), { ...options, cause: error });
}
