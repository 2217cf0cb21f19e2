import { ApiError } from "../anthropic/api-error.ts";
import type { Logger } from "../logging/logger.ts";

/**
 * Converts anything thrown to the error for the client. An unexpected error becomes a generic one; its details are
 * logged.
 */
export function apiErrorOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError("api_error", "Internal error in claude-proxy; see its log", { cause: thrown });
}

/** The same, and logs unexpected errors with their stack. Never throws, whatever was thrown. */
export function reportThrown(
  thrown: unknown,
  { logger, requestId }: { logger: Pick<Logger, "error">; requestId: string },
): ApiError {
  const error = apiErrorOf(thrown);
  if (error === thrown) return error;
  try {
    const { name, message, stack = "" } = thrown instanceof Error ? thrown : new Error(describe(thrown));
    logger.error("unexpected error", { requestId, name, message, stack });
  } catch {
    // The client still gets the error. If the log fails, there is nobody else to report that to.
  }
  return error;
}

/** Replaces `String(thrown)`, which throws for an object without a string form. */
function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : Bun.inspect(thrown);
}
