import { type ApiError, buildErrorBody } from "../anthropic/api-error.ts";

/** The error as an HTTP answer, for as long as no byte of another one has gone out. */
export function renderError(error: ApiError, requestId: string): Response {
  // Who sends too slowly would go on doing so; all others may use their connection again.
  const closing = error.status === 408 ? { connection: "close" } : {};
  return Response.json(buildErrorBody(error, requestId), {
    status: error.status,
    headers: { "request-id": requestId, ...error.headers, ...closing },
  });
}
