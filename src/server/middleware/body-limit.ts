import { bodyTooLarge, largestBodyBytes } from "../body-size.ts";
import { parseContentLength } from "../content-length.ts";
import type { RequestCheck } from "./check-requests.ts";

/**
 * Refuses a body that announces more than 32 MB, without reading it; `readBody` stops a body that does not announce its
 * length.
 */
export const limitBody: RequestCheck = (c) => {
  const announcedBytes = parseContentLength(c.req.header("content-length"));
  // guard: announced body length
  if (announcedBytes !== null && announcedBytes > largestBodyBytes) throw bodyTooLarge();
};
