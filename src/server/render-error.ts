import { type ApiError, buildErrorBody } from "../anthropic/api-error.ts";
import type { RequestTrace } from "../record/request-trace.ts";
import { traceAnswerBytes } from "./trace-bytes.ts";

/**
 * Renders the error as an HTTP answer, one that an upstream sent as it came. Valid only as long as no byte of another
 * answer was sent.
 * @param trace that of the request, which notes what is sent; null if there is none
 */
export function renderError(error: ApiError, requestId: string, trace: RequestTrace | null): Response {
  // A client that sends too slowly would go on doing so; all others may reuse their connection.
  const closing = error.status === 408 ? { connection: "close" } : {};
  const { passed, status } = error;
  if (passed !== null) {
    if (trace !== null) traceAnswerBytes(trace, passed.body);
    return new Response(passed.body, { status, headers: { ...passed.headers, ...closing } });
  }
  const body = buildErrorBody(error, requestId);
  if (trace !== null) traceAnswerBytes(trace, JSON.stringify(body));
  return Response.json(body, {
    status,
    headers: { "request-id": requestId, ...error.headers, ...closing },
  });
}
