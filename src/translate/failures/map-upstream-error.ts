import { ApiError, type ApiErrorOptions, type ApiErrorType } from "../../anthropic/api-error.ts";
import { setUpStatus } from "../../anthropic/set-up-status.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { cleanErrorText } from "./clean-error-text.ts";
import { type ContextOverflow, findContextOverflow } from "./context-overflow.ts";
import { type ErrorFacts, readErrorBody } from "./error-facts.ts";
import { sayPassing } from "./passing-faults.ts";
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
  sayUnknownModel,
  sayWrongAddress,
  wantsTls,
} from "./set-up-faults.ts";

export interface UpstreamErrorContext extends SetUpContext {
  /** Whether the upstream has ever answered: then what it looks like now may pass. */
  hasAnswered: boolean;
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
  // Nobody hears this one: the client is gone.
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
  const { error, facts } = failure;
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
  if (status === 400 && /function tools with reasoning_effort/i.test(facts.text)) {
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

/** Of a success that holds no answer. */
function noAnswer(failure: Failure): ApiError {
  const { error, context } = failure;
  const hint = `Check the setting BASE_URL: is ${hostOf(failure)} an OpenAI-compatible server?`;
  const options = isSetUpFault(error, context) ? wrongSetUp : { status: 502 };
  return told("api_error", { ...failure, message: `${failure.message}. ${hint}` }, options);
}

/** What only another setting mends, whatever status it came with (rule 5.5); null when it is nothing of that kind. */
function mapSetUp(status: number, failure: Failure): ApiError | null {
  const { facts, context } = failure;
  const host = hostOf(failure);
  const message = facts.text === "" ? `it answered ${failure.error.status ?? status}` : failure.message;
  const say = (type: ApiErrorType, text: string) => told(type, { ...failure, message: text }, wrongSetUp);
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
  // Servers that only hand out files say 501 to a POST.
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
  const { error, facts } = failure;
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
        ? told("invalid_request_error", failure)
        : passing("api_error", status, failure, { status: 502 });
  }
}

/** Told by who failed, and for how long. */
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

/**
 * Rule 5.3: forms that start the client's compaction, so that no digit may come between the words and the numbers. With
 * numbers the client cuts its history before it sums it up; where the window is unknown, the code says what is meant.
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
  // Bytes say what part of the request fits, and so of its tokens.
  if (fittingPart !== undefined && tokens !== null && tokens > 1) {
    return say(tooLong(tokens, Math.max(1, Math.min(tokens - 1, Math.floor(tokens * fittingPart)))));
  }
  // The upstream knows better than an estimate: it is one token too many at least.
  if (limit !== null) return say(tooLong(Math.max(tokens ?? 0, limit + 1), limit));
  return say(`prompt is too long (capability_rejected: prompt_too_long; upstream: ${failure.message})`);
}

function tooLong(tokens: number, limit: number): string {
  return `prompt is too long: ${tokens} tokens > ${limit} maximum`;
}

function retryAfter(seconds: string | undefined): NonNullable<ApiErrorOptions["headers"]> {
  return seconds === undefined ? {} : { "retry-after": seconds };
}

/** Characters: room for what is said around an upstream's own text, which is cut before. */
const longestTold = 3000;

function told(type: ApiErrorType, { error, message }: Failure, options: ApiErrorOptions = {}): ApiError {
  return new ApiError(type, cleanErrorText(message, longestTold), { ...options, cause: error });
}

/** What reads an answer does not know from where it comes. */
function nameUpstream(message: string, host: string): string {
  return message.replace(/^the upstream\b/i, () => host);
}

/** Of a failure without a body. */
function build(
  type: ApiErrorType,
  error: UpstreamError,
  context: UpstreamErrorContext,
  options: ApiErrorOptions = {},
): ApiError {
  const message = nameUpstream(error.message, hostOf({ error, context }));
  return new ApiError(type, cleanErrorText(message), { ...options, cause: error });
}
