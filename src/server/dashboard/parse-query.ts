import { ApiError } from "../../anthropic/api-error.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import { type RecordCursor, type UsageGroup, usageGroups } from "../../record/record-reader.ts";

const mostListed = 500;
const usuallyListed = 100;

/** How many are asked for. Throws ApiError for anything but a number from 1 to 500. */
export function parseLimit(text: string | undefined): number {
  if (text === undefined) return usuallyListed;
  const limit = readWholeNumber(text);
  if (limit === null || limit < 1 || limit > mostListed) {
    throw new ApiError("invalid_request_error", `limit: must be a whole number from 1 to ${mostListed}`);
  }
  return limit;
}

/** The place `TIME_MS,SEQ` in the list. Throws ApiError for anything else. */
export function parseBefore(text: string | undefined): RecordCursor | null {
  if (text === undefined) return null;
  const [timeMs = null, seq = null, ...rest] = text.split(",").map(readWholeNumber);
  if (timeMs === null || seq === null || rest.length > 0) {
    throw new ApiError("invalid_request_error", "before: must be two whole numbers, TIME_MS,SEQ");
  }
  return { timeMs, seq };
}

/** The number behind which is asked. Throws ApiError for anything else. */
export function parseAfter(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seq = readWholeNumber(text);
  if (seq === null) throw new ApiError("invalid_request_error", "after: must be a whole number");
  return seq;
}

/** What sums are made for. Throws ApiError, naming what there is. */
export function parseGroup(text: string | undefined): UsageGroup {
  const group = text === undefined ? "day" : usageGroups.find((known) => known === text);
  if (group === undefined) {
    throw new ApiError("invalid_request_error", `by: must be one of ${usageGroups.join(", ")}`);
  }
  return group;
}

/** The id of a request, or the beginning of one; null for a text that cannot be one. */
export function parseId(text: string | undefined): string | null {
  return text !== undefined && /^[\w-]{1,64}$/.test(text) ? text : null;
}
