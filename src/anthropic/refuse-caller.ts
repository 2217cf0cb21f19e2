import { ApiError, type ApiErrorType } from "./api-error.ts";
import { setUpStatus } from "./set-up-status.ts";

/** Claude Code identifies itself, in every version. */
const claudeCode = /^claude-(?:cli|code)\//;

/**
 * Creates the error for a request that fails because of the caller's own settings (rule 5.5). Claude Code adds advice
 * to log in to a 401 or 403, so it gets a status whose text it shows unchanged. All other clients get the status of the
 * type.
 * @param headers of the request
 */
export function refuseCaller(headers: Headers, type: ApiErrorType, message: string): ApiError {
  const isClaudeCode = claudeCode.test(headers.get("user-agent") ?? "");
  return new ApiError(type, message, {
    headers: { "x-should-retry": "false" },
    ...(isClaudeCode ? { status: setUpStatus } : {}),
  });
}
