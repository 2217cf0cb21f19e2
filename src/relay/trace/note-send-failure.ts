import type { RequestTrace, TracedSend } from "../../record/request-trace.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { describeFailure } from "../describe-failure.ts";

/** Creates what notes in a trace why its last send, or the answer to it, has failed: each failure once. */
export function createFailureNoter(trace: RequestTrace): (error: UpstreamError) => void {
  // Most requests have none.
  let noted: WeakSet<UpstreamError> | null = null;
  return (error) => {
    const send = trace.sends.at(-1);
    noted ??= new WeakSet();
    if (send !== undefined && !noted.has(error)) send.error ??= describeSend(send, error);
    noted.add(error);
  };
}

/** An error inside a good answer may stand for another status, which is not that of the send. */
function describeSend({ status }: TracedSend, error: UpstreamError): string | null {
  return describeFailure(error) ?? (status !== null && status < 300 ? "error in its answer" : null);
}
