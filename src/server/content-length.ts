import { ApiError } from "../anthropic/api-error.ts";
import { readWholeNumber } from "../json/whole-number.ts";

/**
 * The body length that `Content-Length` announces, in bytes. Null if the header is missing or is no number: then the
 * body has to be counted as it arrives. Several header lines arrive joined by commas; equal values are one length (RFC
 * 9110, 8.6). Throws ApiError 400 when they differ, because a server in front of us may have used another one.
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
