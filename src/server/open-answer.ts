import { createMessageAccumulator } from "../anthropic/accumulate-message.ts";
import { ApiError } from "../anthropic/api-error.ts";
import { createSendBudget } from "../openai/send-budget.ts";
import { UpstreamError } from "../openai/upstream-error.ts";
import { toAnswerPlan } from "../translate/request/answer-plan.ts";
import { mapUpstreamError } from "../translate/response/map-upstream-error.ts";
import { StreamTranslator } from "../translate/stream/stream-translator.ts";
import { AnswerReader } from "./answer-reader.ts";
import { createAnswerSender, type SenderOptions } from "./answer-sender.ts";
import { createCall } from "./call.ts";
import type { AnswerEnd } from "./event-stream-response.ts";
import { createInputEstimate } from "./input-estimate.ts";
import { settingOfModel } from "./model-setting.ts";
import type { EventFilter, OwnKeys } from "./own-keys.ts";
import { explainThrown } from "./render-error.ts";
import { runEach } from "./run-each.ts";

export interface OpenAnswerOptions extends SenderOptions {
  /** What keeps our keys from the client, in errors and in this answer. */
  keys: Pick<OwnKeys, "redactError">;
  filterEvents: EventFilter | null;
  /** The client adds what stands in `message_start` to the final numbers: it gets no guess. */
  addsUsage: boolean;
  /** Aborts when the client goes away. */
  clientSignal: AbortSignal;
}

/** An answer that is being fetched, and what there is to do at its end. */
export interface OpenedAnswer {
  reader: AnswerReader;
  /** What the client is told of what the reader threw. Never throws. */
  toApiError: (thrown: unknown) => ApiError;
  /** Gives up what is left of the answer, and accounts for it. Never throws: whatever fails of it is logged, the rest is done. */
  finish: (how: AnswerEnd) => void;
  /** The same for an answer that threw; returns what the client is told, should it still be there. Never throws. */
  fail: (thrown: unknown) => ApiError;
}

/** Connects one request to the upstream: what it takes to read its answer and to account for it afterwards. */
export function openAnswer(options: OpenAnswerOptions): OpenedAnswer {
  // What is made here lives as long as the answer: no function of it may hold `options`, with the conversation.
  const { deps, keys, exchange, route, clientSignal, addsUsage } = options;
  const call = createCall(clientSignal, deps.running);
  // Not with the answer, which may never come to be.
  exchange.onEnd(call.end);
  const explain = (thrown: unknown) =>
    explainThrown(thrown, { logger: deps.logger, requestId: exchange.requestId });
  const plan = toAnswerPlan(options.plan);
  const recorder = deps.logger.isDebug ? createRecorder() : null;
  const messageId = deps.newId("msg");
  let estimate = createInputEstimate(deps.tokens, options.plan.chatRequest);
  const budget = createSendBudget((taken) => {
    exchange.fields.attempts = taken;
  });

  const sender = createAnswerSender(options, {
    plan,
    estimate,
    budget,
    controller: call.controller,
    onRepair: (estimateOfRepaired) => {
      estimate = estimateOfRepaired;
    },
  });
  const reader = new AnswerReader(sender, {
    plan,
    createTranslator: (ofPlan, isHeadSent) =>
      new StreamTranslator({
        messageId,
        clientModel: exchange.fields.clientModel ?? "",
        plan: ofPlan,
        isHeadSent,
        profile: route.profile,
        contextWindow: deps.quirks.contextWindow(route.model),
        loneThinkTag: deps.quirks.loneThinkTag(route.model, route.profile.promptThinkTag),
        newId: deps.newId,
        holdsToolArguments: exchange.fields.stream !== true || route.profile.buffersToolArguments,
      }),
    // Nobody sees the head of an answer that is told whole.
    guessInputTokens: () => (exchange.fields.stream === true && !addsUsage ? estimate.now().tokens : 0),
    countInputTokens: async () => (await estimate.count()).tokens,
    countOutputTokens: (text) => deps.tokens.countText(route.model, text),
    canSendAgain: () => budget.hasLeft,
    explainEmptyAnswer: async () => {
      const window = deps.quirks.contextWindow(route.model);
      if (!route.profile.emptyAnswerMayBeOverflow || window === null) return null;
      const { tokens } = await estimate.count();
      return tokens > window ? hiddenOverflow(tokens, window) : null;
    },
    lingerMs: deps.lingerMs,
    filterEvents: options.filterEvents,
    takeTurn: deps.takeTurn,
    onPiece: recorder?.addPiece ?? null,
    onEvents: recorder?.addEvents ?? null,
  });

  const mapThrown = (thrown: unknown): ApiError => {
    if (!(thrown instanceof UpstreamError)) return explain(thrown);
    if (thrown.kind === "aborted" && !clientSignal.aborted) return stoppingError(thrown);
    exchange.fields.phase = thrown.phase ?? null;
    const error = mapUpstreamError(thrown, {
      model: route.model,
      modelSetting: settingOfModel(route, deps.config),
      baseUrl: deps.config.baseUrl,
      isOllama: route.profile.id === "ollama",
      hasAnswered: deps.quirks.hasAnswered(),
      estimatedInputTokens: estimate.now().tokens,
      contextWindow: deps.quirks.contextWindow(route.model),
    });
    // Behind everything that decodes what the upstream said: no other error has its words.
    return keys.redactError(error);
  };

  const toApiError = (thrown: unknown): ApiError => {
    try {
      return mapThrown(thrown);
    } catch (failure) {
      return explain(failure);
    }
  };

  const learnFromUsage = () => {
    const charged = reader.translator.upstreamUsage?.promptTokens;
    if (charged === undefined) return;
    exchange.fields.estimateErrorPercent = estimate.learn(charged);
  };

  const noteBodies = () => {
    if (recorder === null) return;
    deps.logger.debugBody(exchange.requestId, "upstream-response", recorder.pieces);
    deps.logger.debugBody(exchange.requestId, "client-response", recorder.message());
  };

  const noteWhole = () => {
    deps.quirks.noteAnswer();
    if (!reader.translator.isBarren) return;
    // The client shows nothing at all of such an answer.
    deps.logger.warn("the model returned nothing", {
      requestId: exchange.requestId,
      model: route.model,
    });
  };

  const finish = (how: AnswerEnd) => {
    const failures = runEach([
      () => reader.cancel(),
      () => {
        // One that failed inside of us may still be on its way.
        if (how.kind !== "whole") call.stop();
      },
      () => exchange.noteAnswer(reader.translator),
      () => {
        if (how.kind === "whole" && exchange.fields.attempts > 0) noteWhole();
        if (how.kind === "client-gone") exchange.noteClientGone();
        if (how.kind === "failed") exchange.noteError(how.error, exchange.fields.phase);
      },
      learnFromUsage,
      noteBodies,
    ]);
    failures.forEach(explain);
  };

  const fail = (thrown: unknown): ApiError => {
    const error = toApiError(thrown);
    finish(clientSignal.aborted ? { kind: "client-gone" } : { kind: "failed", error });
    return error;
  };
  return { reader, toApiError, finish, fail };
}

/** Running answers are given up when the server has to stop before they end; another try may find it up again. */
function stoppingError(cause: UpstreamError): ApiError {
  return new ApiError("overloaded_error", "claude-proxy is stopping; please try again", { cause });
}

/** LM Studio answers a prompt that is too long with an empty stream. */
function hiddenOverflow(tokens: number, window: number): UpstreamError {
  const message = `prompt is too long: ${tokens} tokens > ${window} maximum`;
  return new UpstreamError("http", message, { status: 400, body: { error: { message } } });
}

/** Keeps both sides of an answer for the debug log. */
function createRecorder() {
  const pieces: unknown[] = [];
  const accumulator = createMessageAccumulator();
  return {
    pieces,
    addPiece: (piece: unknown) => {
      pieces.push(piece);
    },
    addEvents: accumulator.add,
    message: () => accumulator.message,
  };
}
