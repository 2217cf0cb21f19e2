import { ApiError } from "../anthropic/api-error.ts";
import type { Logger } from "../logging/logger.ts";

/** Anything thrown, as what the client is told. An unexpected error becomes a generic one; details go to the log. */
export function apiErrorOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError("api_error", "Internal error in claude-proxy; see its log", { cause: thrown });
}

/** The same; what nobody foresaw goes to the log, with its stack. Never throws, whatever was thrown. */
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
    // The client is told of a failure, and where the log cannot be told there is nobody else.
  }
  return error;
}

/** Not `String(thrown)`, which throws for an object that has no such form. */
function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : Bun.inspect(thrown);
}
