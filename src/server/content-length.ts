import { ApiError } from "../anthropic/api-error.ts";
import { readWholeNumber } from "../json/whole-number.ts";

/**
 * What `Content-Length` announces, in bytes; null for a body that has to be counted as it comes: without a length, or
 * with one that is no number. Several lines of the header arrive joined by commas; alike they are one length (RFC 9110,
 * 8.6). Throws ApiError 400 when they differ: whoever stands before us may have read another one of them.
 */
export function parseContentLength(header: string | undefined): number | null {
  if (header === undefined) return null;
  const bytes = readWholeNumber(header);
  if (bytes !== null) return bytes;
  const [first = "", ...others] = header.split(",").map((value) => value.trim());
  if (others.some((value) => value !== first)) {
    throw new ApiError("invalid_request_error", "content-length: given twice, and not alike");
  }
  return readWholeNumber(first);
}
