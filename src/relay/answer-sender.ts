import type { ChatRequest } from "../protocols/chat/chat-request.ts";
import type { Repair } from "../protocols/chat/repair/repair.ts";
import type { BuiltRequest } from "../protocols/protocol.ts";
import type { Route } from "../routing/route.ts";
import type { AppDependencies } from "../server/app.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import { runNow } from "../turns/turns.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { UpstreamAnswer } from "../upstream/upstream-client.ts";
import type { AnswerSender } from "./answer-reader-options.ts";
import type { Exchange } from "./exchange.ts";
import { createInputEstimate, type InputEstimate } from "./input-estimate.ts";
import { type SentRequest, sendWithRepairs } from "./send-with-repairs.ts";

export interface SenderOptions {
  deps: AppDependencies;
  exchange: Exchange;
  route: Route;
  built: BuiltRequest<ChatRequest>;
  /** The request once more, without reasoning that the upstream refuses to read. */
  rebuild: (recovery: { withoutOpaqueReasoning: true; emptyReasoningAs?: "" }) => BuiltRequest<ChatRequest>;
  /** `max_tokens: 0` only warms a cache: there is nothing to ask for. */
  asksForNothing: boolean;
  /** Runs the steps of a large request; null for one that is not. */
  runStep: StepRunner | null;
}

/** Creates what sends the request of an answer. It alone holds the conversation. */
export function createAnswerSender(
  options: SenderOptions,
  first: {
    plan: AnswerPlan;
    estimate: InputEstimate;
    budget: SendBudget;
    controller: AbortController;
    onRepair: (estimate: InputEstimate) => void;
  },
): AnswerSender {
  const made: Repair[] = [];
  return async () => {
    if (options.asksForNothing) return { answer: emptyAnswer, plan: first.plan };
    const [{ answer, built }] = await Promise.all([
      send(options, { ...first, made }),
      // While the upstream thinks: the head of the answer, or the whole of it, then need not wait for it.
      beginEstimate(first.estimate, options.runStep),
    ]);
    if (built === options.built) return { answer, plan: first.plan };
    const estimate = createInputEstimate(options.deps.tokens, built.body);
    estimate.begin();
    first.onRepair(estimate);
    return { answer, plan: built.plan };
  };
}

/** To look up a hundred thousand texts takes 20 ms. */
async function beginEstimate(estimate: InputEstimate, runStep: StepRunner | null): Promise<void> {
  await (runStep ?? runNow)(() => estimate.begin());
}

async function send(
  options: SenderOptions,
  state: { budget: SendBudget; controller: AbortController; made: Repair[] },
): Promise<SentRequest> {
  const { deps, exchange, route } = options;
  const { repairs } = options.built;
  const sent = await sendWithRepairs({
    client: deps.upstream,
    built: options.built,
    rebuild: options.rebuild,
    profile: route.profile,
    memory: deps.quirks,
    budget: state.budget,
    made: state.made,
    conversationId: exchange.fields.sessionId,
    controller: state.controller,
    runStep: options.runStep,
    onSend: (chatRequest, ofUpstream) => {
      if (ofUpstream.length > 0) exchange.fields.repairs = [...repairs, ...ofUpstream];
      deps.logger.debugBody(exchange.requestId, "upstream-request", chatRequest);
    },
  });
  exchange.fields.upstreamRequestId = sent.answer.info.upstreamRequestId;
  return sent;
}

/** What a request for no output gets (rule 1.1, `max_tokens: 0`). */
const emptyAnswer: UpstreamAnswer = {
  kind: "whole",
  completion: {
    choices: [{ index: 0, message: { content: "" }, finish_reason: "length" }],
    usage: { prompt_tokens: 0, completion_tokens: 0 },
  },
  info: { status: 200, upstreamRequestId: null, attempts: 0 },
};
