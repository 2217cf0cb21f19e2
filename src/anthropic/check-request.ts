import type { z } from "zod";
import { isJsonObject } from "../json/json-value.ts";
import { ApiError } from "./api-error.ts";
import { isOrdinaryCountTokensRequest, isOrdinaryMessagesRequest } from "./is-ordinary-request.ts";
import type { CountTokensRequest, LooseRequest, MessagesRequest } from "./messages-request.ts";
import { maxModelLength } from "./request-caps.ts";
import { UnreadRequest } from "./unread-request.ts";

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

/** The same check, where an upstream may get the request as it is: of a body that it refuses, routing still knows enough. */
export function allowUnread<Request>(
  check: (body: unknown) => Promise<CheckedRequest<Request>>,
): (body: unknown) => Promise<CheckedRequest<Request | UnreadRequest>> {
  return async (body) => {
    const checked = await check(body);
    if (checked.success || !isLooseRequest(body)) return checked;
    return { success: true, data: new UnreadRequest(body, requestFault(checked.error)) };
  };
}

function isLooseRequest(body: unknown): body is LooseRequest {
  if (!isJsonObject(body)) return false;
  const { model, messages } = body;
  return (
    typeof model === "string" && model !== "" && model.length <= maxModelLength && Array.isArray(messages)
  );
}

/** The error for a body that a check has refused: names the first fields at fault as the real API does. */
export function requestFault({ issues }: z.ZodError): ApiError {
  const faults = issues.map((issue) => {
    const field = issue.path.join(".");
    const isMissing = issue.message.endsWith("received undefined");
    return `${field === "" ? "body" : field}: ${isMissing ? "Field required" : issue.message}`;
  });
  return new ApiError("invalid_request_error", faults.slice(0, 5).join("; "));
}
