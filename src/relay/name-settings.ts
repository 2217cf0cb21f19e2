import { ApiError } from "../anthropic/api-error.ts";

/**
 * The error with the names of the simple case's settings replaced by those of the configuration file: messages speak of
 * what a person can change.
 */
export function nameSettings(error: ApiError, upstream: string): ApiError {
  const at = `upstreams.${upstream}`;
  const message = error.message
    .replaceAll(/\bUPSTREAM_PROTOCOL=(\w+)/g, `${at}.protocol to $1`)
    .replaceAll(/\b(?:UPSTREAM_PROTOCOL)\b/g, `${at}.protocol`)
    .replaceAll(/\bBASE_URL\b/g, `${at}.url`)
    .replaceAll(/\bOPENAI_API_KEY\b/g, `${at}.key`)
    .replaceAll(/\bMAX_OUTPUT_TOKENS\b/g, "server.max_output_tokens");
  if (message === error.message) return error;
  const { type, status, headers, cause } = error;
  return new ApiError(type, message, { status, headers, cause });
}
