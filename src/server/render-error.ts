import { type ApiError, buildErrorBody } from "../anthropic/api-error.ts";

/** Renders the error as an HTTP answer, one that an upstream sent as it came. Valid only as long as no byte of another answer was sent. */
export function renderError(error: ApiError, requestId: string): Response {
  // A client that sends too slowly would go on doing so; all others may reuse their connection.
  const closing = error.status === 408 ? { connection: "close" } : {};
  const { passed, status } = error;
  if (passed !== null)
    return new Response(passed.body, { status, headers: { ...passed.headers, ...closing } });
  return Response.json(buildErrorBody(error, requestId), {
    status,
    headers: { "request-id": requestId, ...error.headers, ...closing },
  });
}
