import type { ModelRoute } from "../routing/route.ts";
import type { AnswerReader } from "./answer-reader.ts";
import type { AnswerRecorder } from "./answer-recorder.ts";
import type { SendingState } from "./answer-sender.ts";
import type { Exchange } from "./exchange.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import type { AnswerOutcome } from "./relayed-answer.ts";
import { reportThrown } from "./report-thrown.ts";
import { runEach } from "./run-each.ts";
import type { Call } from "./upstream-call.ts";

/** An answer, as far as it was read. */
export interface EndedAnswer<Item> {
  exchange: Exchange;
  route: ModelRoute;
  reader: AnswerReader<Item>;
  call: Call;
  /** Null unless the log is at debug level. */
  recorder: AnswerRecorder | null;
  state: SendingState;
}

/**
 * Creates the function that ends an answer: it gives up the rest of it, records what is known of it, and learns from
 * it. Never throws: failures are logged, and the other steps still run.
 */
export function createAccountant<Item>(
  { logger, memory }: Pick<RelayDependencies, "logger" | "memory">,
  { exchange, route, reader, call, recorder, state }: EndedAnswer<Item>,
): (how: AnswerOutcome) => void {
  const { fields, requestId } = exchange;

  const noteEstimate = () => {
    // Of a request that was never sent nothing was counted.
    if (fields.attempts > 0) exchange.trace.estimatedTokens = state.estimate.now().tokens;
  };
  const learnFromUsage = () => {
    const charged = reader.translator.upstreamUsage?.promptTokens;
    if (charged !== undefined) fields.estimateErrorPercent = state.estimate.learn(charged);
  };
  const noteBodies = () => {
    if (recorder === null) return;
    logger.debugBody(requestId, "upstream-response", recorder.pieces);
    logger.debugBody(requestId, "client-response", recorder.message());
  };
  const noteWhole = () => {
    memory.noteAnswer();
    // The client shows nothing at all for such an answer.
    if (reader.translator.isBarren)
      logger.warn("the model returned nothing", { requestId, model: route.model });
  };
  const noteEnd = (how: AnswerOutcome) => {
    if (how.kind === "whole" && fields.attempts > 0) noteWhole();
    if (how.kind === "client-gone") exchange.noteClientGone();
    if (how.kind === "failed") exchange.noteError(how.error, fields.phase);
  };

  return (how) => {
    const failures = runEach([
      () => reader.cancel(),
      () => {
        // If our own code failed, the upstream may still be sending.
        if (how.kind !== "whole") call.stop();
      },
      () => exchange.noteAnswer(reader.translator),
      () => noteEnd(how),
      noteEstimate,
      learnFromUsage,
      noteBodies,
    ]);
    for (const failure of failures) reportThrown(failure, { logger, requestId });
  };
}
