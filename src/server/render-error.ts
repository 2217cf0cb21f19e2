import { type ApiError, buildErrorBody } from "../anthropic/api-error.ts";

/** Renders the error as an HTTP answer. Valid only as long as no byte of another answer was sent. */
export function renderError(error: ApiError, requestId: string): Response {
  // A client that sends too slowly would go on doing so; all others may reuse their connection.
  const closing = error.status === 408 ? { connection: "close" } : {};
  return Response.json(buildErrorBody(error, requestId), {
    status: error.status,
    headers: { "request-id": requestId, ...error.headers, ...closing },
  });
}
