import type { QuirkMemory } from "../learned/quirk-memory.ts";
import type { Profile } from "../profiles/profile.ts";
import type { ChatRequest } from "../protocols/chat/chat-request.ts";
import { applyRepair } from "../protocols/chat/repair/apply-repair.ts";
import { findRepair } from "../protocols/chat/repair/find-repair.ts";
import { describeRepair, type Repair } from "../protocols/chat/repair/repair.ts";
import type { ChatRequestPlan } from "../protocols/chat/request/chat-request-plan.ts";
import { findContextWindow } from "../translate/failures/find-context-window.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { UpstreamAnswer, UpstreamClient } from "../upstream/upstream-client.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";

export interface SendOptions {
  client: UpstreamClient;
  plan: ChatRequestPlan;
  /** The plan once more, without reasoning that the upstream refuses to read (rule 6.4). */
  rebuild: (recovery: { withoutOpaqueReasoning: true; emptyReasoningAs?: "" }) => ChatRequestPlan;
  profile: Profile;
  memory: QuirkMemory;
  /** What may still be sent for the client's request. */
  budget: SendBudget;
  /** The repairs that were made for the client's request so far; new ones are added. */
  made: Repair[];
  /** The client's session, or null. */
  conversationId: string | null;
  /** Ends the call when it is aborted. */
  controller: AbortController;
  /** Runs the steps of a large request; without it a request is written at once. */
  runStep?: StepRunner | null;
  /** Called with every chat request just before it goes out, and with what was changed in it for this upstream. */
  onSend: (chatRequest: ChatRequest, repairs: readonly string[]) => void;
}

export interface SentRequest {
  answer: UpstreamAnswer;
  /** The plan of the request that was answered. */
  plan: ChatRequestPlan;
}

/**
 * Sends a chat request, and sends it again with a repair when the upstream refuses it for a reason that one is
 * known for (rules R0, 5.2, 5.3, 6.4), for each of its faults as long as the budget allows. Remembers what helped. May
 * only be used while the client has heard nothing. Throws UpstreamError.
 */
export async function sendWithRepairs(options: SendOptions): Promise<SentRequest> {
  const { memory, conversationId, profile, budget, made } = options;
  const model = options.plan.chatRequest.model;
  const known = memory.repairsFor(model, conversationId);
  let loweredInVain: UpstreamError | null = null;
  for (;;) {
    const { plan, words } = repairPlan(options, known, made);
    try {
      const answer = await sendOnce(options, plan.chatRequest, words);
      for (const repair of made) memory.learn(model, conversationId, repair);
      memory.noteTaken(plan.chatRequest);
      return { answer, plan };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const window = findContextWindow(error);
      if (window !== null) memory.learnContextWindow(model, window);
      const repair = budget.hasLeft ? findRepair(error, plan.chatRequest, profile) : null;
      if (repair === null || isAmong([...known, ...made], repair) || !changes(repair, plan.chatRequest)) {
        throw loweredInVain !== null && loweredInVain.status === error.status ? loweredInVain : error;
      }
      // The client lowers max_tokens by itself when it is told the numbers of its own request. Another fault behind that
      // says that it was lowered enough.
      const isLowered = repair.kind === "cap-output" && repair.scope === "request";
      loweredInVain = isLowered ? (loweredInVain ?? error) : null;
      made.push(memory.narrow(model, repair));
    }
  }
}

async function sendOnce(
  options: SendOptions,
  chatRequest: ChatRequest,
  repairs: readonly string[],
): Promise<UpstreamAnswer> {
  const { client, profile, budget, controller, runStep = null, onSend } = options;
  const { sendsAttribution } = profile;
  onSend(chatRequest, repairs);
  return await client.send({ chatRequest, sendsAttribution, budget, controller, runStep });
}

/** The plan with all repairs made, on top of a rebuilt one where a repair asks for that, and words for the log. */
function repairPlan(
  { plan, rebuild }: SendOptions,
  known: readonly Repair[],
  made: readonly Repair[],
): { plan: ChatRequestPlan; words: readonly string[] } {
  if (known.length + made.length === 0) return { plan, words: [] };
  const repairs = [...known, ...made];
  const rebuilding = repairs.findLast((repair) => repair.kind === "rebuild-without-reasoning");
  const base = rebuilding === undefined ? plan : rebuild(recoveryOf(rebuilding));
  let { chatRequest } = base;
  const words: string[] = [];
  for (const repair of repairs) {
    const repaired = applyRepair(chatRequest, repair);
    if (repaired === chatRequest && repair !== rebuilding) continue;
    words.push(`${describeRepair(repair)}${made.includes(repair) ? "" : " (learned earlier)"}`);
    chatRequest = repaired;
  }
  if (words.length === 0) return { plan, words };
  // Stop sequences that the upstream is not told have to be watched for by us.
  const losesStop = base.chatRequest.stop !== undefined && chatRequest.stop === undefined;
  const watchesStopSequences = base.watchesStopSequences || losesStop;
  return { plan: { ...base, chatRequest, watchesStopSequences }, words };
}

function recoveryOf(repair: Repair & { kind: "rebuild-without-reasoning" }) {
  const { emptyReasoningAs } = repair;
  return { withoutOpaqueReasoning: true, ...(emptyReasoningAs === "" ? { emptyReasoningAs } : {}) } as const;
}

/** What would go out as it was refused is not sent again. A rebuilt request is not known yet. */
function changes(repair: Repair, sent: ChatRequest): boolean {
  return repair.kind === "rebuild-without-reasoning" || applyRepair(sent, repair) !== sent;
}

/** A repair that did not help is not tried again, whoever it was for. */
function isAmong(repairs: readonly Repair[], repair: Repair): boolean {
  return repairs.some((other) => Bun.deepEquals({ ...other, scope: repair.scope }, repair));
}
