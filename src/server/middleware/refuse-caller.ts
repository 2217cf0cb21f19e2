import { ApiError, type ApiErrorType } from "../../anthropic/api-error.ts";
import { setUpStatus } from "../../anthropic/set-up-status.ts";

/** Claude Code says who it is, in every version. */
const claudeCode = /^claude-(?:cli|code)\//;

/**
 * What is told of a request that the caller's own settings are the reason of (rule 5.5). Claude Code adds to a 401 or 403
 * that one should log in: it hears the status whose text it shows as it is. All others hear the type's own.
 */
export function refuseCaller(request: Request, type: ApiErrorType, message: string): ApiError {
  const isClaudeCode = claudeCode.test(request.headers.get("user-agent") ?? "");
  return new ApiError(type, message, {
    headers: { "x-should-retry": "false" },
    ...(isClaudeCode ? { status: setUpStatus } : {}),
  });
}
