import type { BuiltRequest, Recovery, Repair } from "../protocols/protocol.ts";
import type { Route } from "../routing/route.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import { runNow } from "../turns/turns.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
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
  route: Route;
  built: BuiltRequest<Body>;
  /** Builds the request once more, without reasoning that the upstream refuses to read. */
  rebuild: (recovery: Recovery) => BuiltRequest<Body>;
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

/**
 * Sends the request. Returns the answer and the plan of the request that was answered, which a repair may have changed;
 * the plan is null if no repair was made. Called once, and once more if the first answer was empty (rule 4.8).
 * Released, together with the conversation it holds, as soon as the answer begins.
 */
export type AnswerSender<Item> = () => Promise<{ answer: UpstreamAnswer<Item>; newPlan: AnswerPlan | null }>;

/** Creates the function that sends the request of an answer. Only that function holds the conversation. */
export function createAnswerSender<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  request: RequestToSend<Body>,
  state: SendingState,
): AnswerSender<Item> {
  const { protocol } = wire;
  const made: Fix[] = [];
  return async () => {
    if (request.asksForNothing) return { answer: emptyAnswer(protocol.emptyAnswer), newPlan: null };
    const [{ answer, built, isRepaired }] = await Promise.all([
      send(wire, deps, request, { ...state, made }),
      // The estimate is made while the upstream works, so that the answer or its head need not wait for it.
      beginEstimate(state.estimate, request.runStep),
    ]);
    if (!isRepaired) return { answer, newPlan: null };
    state.estimate = createInputEstimate(deps.tokens, uncountedRequest(protocol, built));
    state.estimate.begin();
    return { answer, newPlan: built.plan };
  };
}

/** Looking up a hundred thousand texts takes 20 ms. */
async function beginEstimate(estimate: InputEstimate, runStep: StepRunner | null): Promise<void> {
  await (runStep ?? runNow)(() => estimate.begin());
}

async function send<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  { memory, logger }: RelayDependencies,
  { exchange, route, built, rebuild, leavesRepair, runStep }: RequestToSend<Body>,
  { budget, controller, made }: SendingState & { made: Fix[] },
): Promise<SentRequest<Body, Item>> {
  const sent = await sendWithRepairs(wire, {
    built,
    rebuild,
    profile: route.profile,
    memory,
    budget,
    made,
    leavesRepair,
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
