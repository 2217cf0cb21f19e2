import type { RequestTrace } from "../record/request-trace.ts";

/** Notes the body of a client's request. Nobody may change it afterwards. */
export function traceRequestBytes(trace: RequestTrace, body: Uint8Array): void {
  trace.requestBytes = body.byteLength;
  trace.bodies?.add("client-request", body);
}

/** Notes a part of what the client is sent. Nobody may change it afterwards. */
export function traceAnswerBytes(trace: RequestTrace, piece: string | Uint8Array): void {
  trace.answerBytes += typeof piece === "string" ? Buffer.byteLength(piece) : piece.byteLength;
  trace.bodies?.add("client-response", piece);
}
