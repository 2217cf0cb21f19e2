import type { BuiltRequest, Recovery, Repair } from "../protocols/protocol.ts";
import type { RequestTrace } from "../record/request-trace.ts";
import type { ModelRoute } from "../routing/route.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import { runNow } from "../turns/turns.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { SendWatch } from "../upstream/send-watch.ts";
import type { UpstreamAnswer } from "../upstream/upstream-client.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import type { Exchange } from "./exchange.ts";
import { createInputEstimate, type InputEstimate, uncountedRequest } from "./input-estimate.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import { type SentRequest, sendWithRepairs } from "./send-with-repairs.ts";
import type { Wire } from "./wire.ts";

/** A request in the form of its wire, and its route. */
export interface RequestToSend<Body> {
  exchange: Exchange;
  route: ModelRoute;
  /** The key with which the upstream is asked; null for none. */
  key: string | null;
  built: BuiltRequest<Body>;
  /** Builds the request once more, without reasoning that the upstream refuses to read. */
  rebuild: (recovery: Recovery) => BuiltRequest<Body>;
  /** Is told of each send. */
  watch: SendWatch;
  /** `max_tokens: 0` only warms a cache: there is nothing to ask the upstream for. */
  asksForNothing: boolean;
  /** Whether a refusal is left to others although it could be repaired; null if none is. */
  leavesRepair: ((error: UpstreamError) => boolean) | null;
  /** Runs the steps of a large request; null for any other. */
  runStep: StepRunner | null;
}

/** State shared with the rest of the answer. */
export interface SendingState {
  /** The estimate for the request that was sent last. */
  estimate: InputEstimate;
  readonly budget: SendBudget;
  readonly controller: AbortController;
}

/** An answer, of which nothing was read yet. */
export interface OpenedAnswer<Item> {
  answer: UpstreamAnswer<Item>;
  /** The plan of the request that was answered; null if no repair has changed the request. */
  newPlan: AnswerPlan | null;
  /** Called once the answer shows that the request was accepted. Holds the conversation, too. */
  noteTaken: () => void;
}

/**
 * Sends the request. Called once, once more if the first answer was empty (rule 4.8), and once more with each failure
 * with which a stream began: then the request is repaired (rule 25.4), or the failure thrown. Released, together with
 * the conversation it holds, as soon as the answer begins.
 */
export type AnswerSender<Item> = (refusal?: UpstreamError) => Promise<OpenedAnswer<Item>>;

/** Creates the function that sends the request of an answer. Only that function holds the conversation. */
export function createAnswerSender<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  request: RequestToSend<Body>,
  state: SendingState,
): AnswerSender<Item> {
  const { protocol } = wire;
  const made: Fix[] = [];
  let isFirst = true;
  return async (refusal) => {
    if (request.asksForNothing)
      return { answer: emptyAnswer(protocol.emptyAnswer), newPlan: null, noteTaken: () => {} };
    if (refusal !== undefined) request.exchange.noteSendFailure(refusal);
    else if (!isFirst) noteEmptyAnswer(request.exchange.trace);
    isFirst = false;
    const [{ answer, built, isRepaired, noteTaken }] = await Promise.all([
      send(wire, deps, request, { ...state, made, refusal }),
      // The estimate is made while the upstream works, so that the answer or its head need not wait for it.
      beginEstimate(state.estimate, request.runStep),
    ]);
    if (!isRepaired) return { answer, newPlan: null, noteTaken };
    state.estimate = createInputEstimate(deps.tokens, uncountedRequest(protocol, built));
    state.estimate.begin();
    return { answer, newPlan: built.plan, noteTaken };
  };
}

function noteEmptyAnswer({ sends }: RequestTrace): void {
  const last = sends.at(-1);
  if (last !== undefined) last.error ??= "empty answer";
}

/** Looking up a hundred thousand texts takes 20 ms. */
async function beginEstimate(estimate: InputEstimate, runStep: StepRunner | null): Promise<void> {
  await (runStep ?? runNow)(() => estimate.begin());
}

async function send<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  { memory, logger }: RelayDependencies,
  { exchange, route, key, built, rebuild, leavesRepair, runStep, watch }: RequestToSend<Body>,
  { budget, controller, made, refusal }: SendingState & { made: Fix[]; refusal: UpstreamError | undefined },
): Promise<SentRequest<Body, Item>> {
  const sent = await sendWithRepairs(wire, {
    built,
    rebuild,
    profile: route.profile,
    key,
    memory,
    budget,
    watch,
    made,
    leavesRepair,
    refusal: refusal ?? null,
    conversationId: exchange.fields.sessionId,
    controller,
    runStep,
    onSend: (body, ofUpstream) => {
      if (ofUpstream.length > 0) exchange.fields.repairs = [...built.mended, ...ofUpstream];
      logger.debugBody(exchange.requestId, "upstream-request", body);
    },
  });
  exchange.fields.upstreamRequestId = sent.answer.info.upstreamRequestId;
  return sent;
}

function emptyAnswer<Item>(item: Item): UpstreamAnswer<Item> {
  return { kind: "whole", item, info: { upstreamRequestId: null, attempts: 0 } };
}
