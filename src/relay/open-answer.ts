import type { ApiError } from "../anthropic/api-error.ts";
import type { Repair } from "../protocols/protocol.ts";
import type { ModelRoute } from "../routing/route.ts";
import { hiddenOverflow } from "../translate/failures/hidden-overflow.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import { createAccountant } from "./account-for-answer.ts";
import { AnswerReader } from "./answer-reader.ts";
import type { AnswerReaderOptions } from "./answer-reader-options.ts";
import { createAnswerRecorder } from "./answer-recorder.ts";
import { createAnswerSender, type RequestToSend, type SendingState } from "./answer-sender.ts";
import { createFailureExplainer } from "./explain-failure.ts";
import { createInputEstimate, uncountedRequest } from "./input-estimate.ts";
import type { EventFilter, OwnKeys } from "./own-keys.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";
import { createCall } from "./upstream-call.ts";
import type { Wire } from "./wire.ts";

export interface OpenAnswerOptions<Body> extends RequestToSend<Body> {
  /** Keeps our keys out of errors and out of this answer. */
  keys: Pick<OwnKeys, "redactError">;
  filterEvents: EventFilter | null;
  /** The sends that are left for the client's request. */
  budget: SendBudget;
  /** The client adds the numbers of `message_start` to the final ones, so it gets no guess there. */
  addsUsage: boolean;
  /** What names the model in the configuration; null if the client did. */
  modelSetting: string | null;
  /** Aborted when the client disconnects. */
  clientSignal: AbortSignal;
}

/** Connects one request to the upstream: assembles the parts that read its answer and account for it afterwards. */
export function openAnswer<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  options: OpenAnswerOptions<Body>,
): RelayedAnswer {
  // Functions created here live as long as the answer: none may hold `options`, which holds the conversation.
  const { keys, exchange, route, modelSetting, clientSignal } = options;
  const call = createCall(clientSignal, deps.running);
  // Tied to the exchange, because the answer may never begin.
  exchange.onEnd(call.end);
  const state = createState(wire, deps, options, call.controller);
  const recorder = deps.logger.isDebug ? createAnswerRecorder() : null;
  const reader = new AnswerReader(createAnswerSender(wire, deps, options, state), {
    ...describeReading(wire, deps, options, state),
    onPiece: recorder?.addPiece ?? null,
    onEvents: recorder?.addEvents ?? null,
  });
  const toApiError = createFailureExplainer(deps, {
    exchange,
    route,
    modelSetting,
    keys,
    clientSignal,
    estimate: () => state.estimate,
  });
  const finish = createAccountant(deps, { exchange, route, reader, call, recorder, state });
  const fail = (thrown: unknown): ApiError => {
    const error = toApiError(thrown);
    finish(clientSignal.aborted ? { kind: "client-gone" } : { kind: "failed", error });
    return error;
  };
  return { reader, toApiError, finish, fail };
}

function createState<Body extends object, Item, Fix extends Repair>(
  { protocol }: Wire<Body, Item, Fix>,
  { tokens }: RelayDependencies,
  { built, budget }: OpenAnswerOptions<Body>,
  controller: AbortController,
): SendingState {
  return {
    estimate: createInputEstimate(tokens, uncountedRequest(protocol, built)),
    budget,
    controller,
  };
}

/** Describes how the answer is read. None of its functions may hold `options` either. */
function describeReading<Body extends object, Item, Fix extends Repair>(
  { protocol }: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  options: OpenAnswerOptions<Body>,
  state: SendingState,
): Omit<AnswerReaderOptions<Item>, "onPiece" | "onEvents"> {
  const { exchange, route, addsUsage, filterEvents } = options;
  const { tokens, memory, newId } = deps;
  const { model, profile } = route;
  const { promptThinkTag, buffersToolArguments } = profile.traits.answer;
  const { clientModel, stream } = exchange.fields;
  const messageId = newId("msg");
  return {
    plan: options.built.plan,
    createWatch: protocol.createWatch,
    createTranslator: (plan, isHeadSent) =>
      protocol.createTranslator({
        messageId,
        clientModel: clientModel ?? "",
        plan,
        isHeadSent,
        profile,
        contextWindow: memory.contextWindow(model),
        loneThinkTag: memory.loneThinkTag(model, promptThinkTag, exchange.requestId),
        newId,
        holdsToolArguments: stream !== true || buffersToolArguments,
      }),
    // The head of an unstreamed answer is never sent.
    guessInputTokens: () => (stream === true && !addsUsage ? state.estimate.now().tokens : 0),
    countInputTokens: async () => (await state.estimate.count()).tokens,
    countOutputTokens: (text) => tokens.countText(model, text),
    canSendAgain: () => state.budget.hasLeft,
    explainEmptyAnswer: () => explainEmptyAnswer(deps, route, state),
    lingerMs: deps.lingerMs,
    filterEvents,
    takeTurn: deps.takeTurn,
  };
}

async function explainEmptyAnswer(
  { memory }: RelayDependencies,
  { model, profile }: ModelRoute,
  state: SendingState,
): Promise<UpstreamError | null> {
  const window = memory.contextWindow(model);
  if (!profile.traits.answer.emptyAnswerMayBeOverflow || window === null) return null;
  const { tokens } = await state.estimate.count();
  return tokens > window ? hiddenOverflow(tokens, window) : null;
}
