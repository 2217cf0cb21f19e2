import type { Route } from "../routing/route.ts";
import type { AnswerReader } from "./answer-reader.ts";
import type { AnswerRecorder } from "./answer-recorder.ts";
import type { SendingState } from "./answer-sender.ts";
import type { Exchange } from "./exchange.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import type { AnswerOutcome } from "./relayed-answer.ts";
import { reportThrown } from "./report-thrown.ts";
import { runEach } from "./run-each.ts";
import type { Call } from "./upstream-call.ts";

/** An answer that was read, as far as it came. */
export interface EndedAnswer<Item> {
  exchange: Exchange;
  route: Route;
  reader: AnswerReader<Item>;
  call: Call;
  /** Null when the log is not for debugging. */
  recorder: AnswerRecorder | null;
  state: SendingState;
}

/**
 * Creates what ends an answer: gives up what is left of it, writes down what is known of it, learns from it. Never throws:
 * whatever fails of it is logged, the rest is done.
 */
export function createAccountant<Item>(
  { logger, memory }: Pick<RelayDependencies, "logger" | "memory">,
  { exchange, route, reader, call, recorder, state }: EndedAnswer<Item>,
): (how: AnswerOutcome) => void {
  const { fields, requestId } = exchange;

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
    // The client shows nothing at all of such an answer.
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
        // One that failed inside of us may still be on its way.
        if (how.kind !== "whole") call.stop();
      },
      () => exchange.noteAnswer(reader.translator),
      () => noteEnd(how),
      learnFromUsage,
      noteBodies,
    ]);
    for (const failure of failures) reportThrown(failure, { logger, requestId });
  };
}
