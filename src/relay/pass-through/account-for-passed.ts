import { ApiError } from "../../anthropic/api-error.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";
import type { Exchange } from "../exchange.ts";
import type { AnswerOutcome } from "../relayed-answer.ts";
import { reportThrown } from "../report-thrown.ts";
import { runEach } from "../run-each.ts";
import type { Call } from "../upstream-call.ts";
import type { PassDependencies } from "./pass-call.ts";
import type { PassReader } from "./pass-reader.ts";

/** An answer that was passed on, as far as it was read. */
export interface EndedPass {
  exchange: Exchange;
  reader: PassReader;
  call: Call;
  /** The bytes that were passed on, without credentials; null unless the log is at debug level. */
  recorded: (() => string) | null;
}

/** Creates the function that ends an answer and records what is known of it. Never throws: failures are logged. */
export function createPassAccountant(
  { logger, memory }: Pick<PassDependencies, "logger" | "memory">,
  { exchange, reader, call, recorded }: EndedPass,
): (how: AnswerOutcome) => void {
  const { fields, requestId } = exchange;

  const noteFacts = () => {
    const { stopReason, usage } = reader.facts;
    Object.assign(fields, usage);
    fields.stopReason = stopReason;
  };
  const noteEnd = (how: AnswerOutcome) => {
    const { error } = reader.facts;
    if (how.kind === "client-gone") exchange.noteClientGone();
    else if (how.kind === "failed") exchange.noteError(how.error, fields.phase);
    // The client has got it among the bytes.
    else if (error !== null) {
      exchange.noteSendFailure(new UpstreamError("http", error.message, { status: 200 }));
      exchange.noteError(new ApiError("api_error", `${error.type}: ${error.message}`), "body");
    } else memory.noteAnswer();
  };

  return (how) => {
    const failures = runEach([
      () => reader.cancel(),
      () => {
        // If our own code failed, the upstream may still be sending.
        if (how.kind !== "whole") call.stop();
      },
      noteFacts,
      () => noteEnd(how),
      () => {
        if (recorded !== null) logger.debugBody(requestId, "upstream-response", recorded());
      },
    ]);
    for (const failure of failures) reportThrown(failure, { logger, requestId });
  };
}
