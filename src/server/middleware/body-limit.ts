import { ApiError } from "../../anthropic/api-error.ts";
import { parseContentLength } from "../content-length.ts";
import type { RequestCheck } from "./check-requests.ts";

/** Bytes; the limit of the Anthropic API. */
export const largestBodyBytes = 32 * 1024 * 1024;

/** Refuses a body that announces more than 32 MB, without reading it; `readBody` stops one that does not. */
export const limitBody: RequestCheck = (c) => {
  const announcedBytes = parseContentLength(c.req.header("content-length"));
  // guard: announced body length
  if (announcedBytes !== null && announcedBytes > largestBodyBytes) throw bodyTooLarge();
};

export function bodyTooLarge(): ApiError {
  return new ApiError("request_too_large", "body: exceeds the 32 MB limit");
}
