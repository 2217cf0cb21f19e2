import { ApiError } from "../anthropic/api-error.ts";

/** Bytes; the limit of the Anthropic API. */
export const largestBodyBytes = 32 * 1024 * 1024;

/** The error for a client whose body is larger. */
export function bodyTooLarge(): ApiError {
  return new ApiError("request_too_large", "body: exceeds the 32 MB limit");
}
