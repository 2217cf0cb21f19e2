import type { z } from "zod";
import { isOrdinaryCountTokensRequest, isOrdinaryMessagesRequest } from "./is-ordinary-request.ts";
import type { CountTokensRequest, MessagesRequest } from "./messages-request.ts";

/** The result of a check: the request, or the faults of the body. */
export type CheckedRequest<Request> = z.ZodSafeParseResult<Request>;

/** The schemas are created for the first unusual body, because that takes a tenth of our start-up time. */
const loadSchemas = () => import("./messages-request.ts");

/**
 * Checks the body of `POST /v1/messages`. An ordinary body is returned uncopied as the request: nobody may change it.
 */
export async function checkMessagesRequest(body: unknown): Promise<CheckedRequest<MessagesRequest>> {
  if (isOrdinaryMessagesRequest(body)) return { success: true, data: body };
  return (await loadSchemas()).messagesRequestSchema.safeParse(body);
}

/** The same for the body of `POST /v1/messages/count_tokens`. */
export async function checkCountTokensRequest(body: unknown): Promise<CheckedRequest<CountTokensRequest>> {
  if (isOrdinaryCountTokensRequest(body)) return { success: true, data: body };
  return (await loadSchemas()).countTokensRequestSchema.safeParse(body);
}
