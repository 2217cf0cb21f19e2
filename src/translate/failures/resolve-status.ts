import type { ErrorFacts } from "./error-facts.ts";

/** OpenRouter's classes of errors, which are more precise than the status they come with (rule 5.2). */
const statusOfErrorType = new Map(
  Object.entries({
    context_length_exceeded: 400,
    max_tokens_exceeded: 400,
    token_limit_exceeded: 400,
    string_too_long: 400,
    authentication: 401,
    permission_denied: 403,
    payment_required: 402,
    rate_limit_exceeded: 429,
    provider_overloaded: 529,
    provider_unavailable: 502,
    server: 502,
    unmapped: 502,
    invalid_request: 400,
    invalid_prompt: 400,
    unprocessable: 400,
    precondition_failed: 400,
    not_found: 404,
    payload_too_large: 413,
    content_policy_violation: 400,
    refusal: 400,
    timeout: 504,
  }),
);

/**
 * Codes of the Responses API, for errors in a success (rule 25.2). Whatever else it calls invalid or unsupported is
 * recognised by that word.
 */
const statusOfCode = new Map(
  Object.entries({
    server_error: 500,
    server_is_overloaded: 529,
    slow_down: 529,
    service_unavailable_error: 529,
    cyber_policy: 400,
    bio_policy: 400,
    content_filter: 400,
    model_not_found: 404,
    vector_store_timeout: 504,
    data_residency_mismatch: 403,
  }),
);

const billing = /insufficient[_ ]credits|insufficient[_ ]quota|insufficient[_ ]balance|can only afford/;
const badRequest =
  /invalid|illegal|unsupported|not support|bad[_ ]?request|missing|malformed|must be|unknown variant/;
const overloaded = /overloaded/;

/**
 * The status, 400 to 599, that represents an error: by the kind that the body names, else the HTTP status, else, in the
 * body of a success, its code (rules 5.2, 5.4 and 25.2). Lack of money is 402 and an overload 529, whatever their status:
 * MiniMax sends the former as 500 or 429, others send the latter as 503.
 */
export function resolveStatus(httpStatus: number | undefined, facts: ErrorFacts): number {
  const said = [facts.text.toLowerCase(), ...facts.names].join("\n");
  if (billing.test(said)) return 402;
  const ofType = errorTypeStatus(facts.errorType);
  if (ofType !== null) return ofType;
  const status = plainStatus(httpStatus, facts, said);
  if (status >= 520 && status <= 527) return 529;
  return status >= 500 && overloaded.test(said) ? 529 : status;
}

function errorTypeStatus(errorType: string | null): number | null {
  if (errorType === null) return null;
  return errorType.startsWith("image_") ? 400 : (statusOfErrorType.get(errorType) ?? null);
}

/** A number such as 999 or GLM's 1214 is no status, so the text decides. */
function plainStatus(httpStatus: number | undefined, facts: ErrorFacts, said: string): number {
  if (httpStatus !== undefined && httpStatus >= 400) return httpStatus <= 599 ? httpStatus : 502;
  if (facts.codeAsStatus !== null) return facts.codeAsStatus;
  if (facts.names.some((name) => name.includes("rate_limit"))) return 429;
  for (const name of facts.names) {
    const status = name.startsWith("image_") ? 400 : statusOfCode.get(name);
    if (status !== undefined) return status;
  }
  return badRequest.test(said) ? 400 : 502;
}
