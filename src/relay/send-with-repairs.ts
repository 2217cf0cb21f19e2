import type { QuirkMemory } from "../learned/quirk-memory.ts";
import type { Profile } from "../profiles/profile.ts";
import type { ChatRequest } from "../protocols/chat/chat-request.ts";
import { applyRepair } from "../protocols/chat/repair/apply-repair.ts";
import { findRepair } from "../protocols/chat/repair/find-repair.ts";
import { describeRepair, type Repair } from "../protocols/chat/repair/repair.ts";
import { suitPlan } from "../protocols/chat/repair/suit-plan.ts";
import type { BuiltRequest } from "../protocols/protocol.ts";
import { findContextWindow } from "../translate/failures/find-context-window.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { UpstreamAnswer, UpstreamClient } from "../upstream/upstream-client.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";

export interface SendOptions {
  client: UpstreamClient;
  built: BuiltRequest<ChatRequest>;
  /** The request once more, without reasoning that the upstream refuses to read (rule 6.4). */
  rebuild: (recovery: { withoutOpaqueReasoning: true; emptyReasoningAs?: "" }) => BuiltRequest<ChatRequest>;
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
  /** The request that was answered. */
  built: BuiltRequest<ChatRequest>;
}

/**
 * Sends a chat request, and sends it again with a repair when the upstream refuses it for a reason that one is
 * known for (rules R0, 5.2, 5.3, 6.4), for each of its faults as long as the budget allows. Remembers what helped. May
 * only be used while the client has heard nothing. Throws UpstreamError.
 */
export async function sendWithRepairs(options: SendOptions): Promise<SentRequest> {
  const { memory, conversationId, profile, budget, made } = options;
  const model = options.built.body.model;
  const known = memory.repairsFor(model, conversationId);
  let loweredInVain: UpstreamError | null = null;
  for (;;) {
    const { built, words } = repairRequest(options, known, made);
    try {
      const answer = await sendOnce(options, built.body, words);
      for (const repair of made) memory.learn(model, conversationId, repair);
      memory.noteTaken(built.body);
      return { answer, built };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const window = findContextWindow(error);
      if (window !== null) memory.learnContextWindow(model, window);
      const repair = budget.hasLeft ? findRepair(error, built.body, profile) : null;
      if (repair === null || isAmong([...known, ...made], repair) || !changes(repair, built.body)) {
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

/** The request with all repairs made, on top of a rebuilt one where a repair asks for that, and words for the log. */
function repairRequest(
  { built, rebuild }: SendOptions,
  known: readonly Repair[],
  made: readonly Repair[],
): { built: BuiltRequest<ChatRequest>; words: readonly string[] } {
  if (known.length + made.length === 0) return { built, words: [] };
  const repairs = [...known, ...made];
  const rebuilding = repairs.findLast((repair) => repair.kind === "rebuild-without-reasoning");
  const base = rebuilding === undefined ? built : rebuild(recoveryOf(rebuilding));
  let { body } = base;
  const words: string[] = [];
  for (const repair of repairs) {
    const repaired = applyRepair(body, repair);
    if (repaired === body && repair !== rebuilding) continue;
    words.push(`${describeRepair(repair)}${made.includes(repair) ? "" : " (learned earlier)"}`);
    body = repaired;
  }
  if (words.length === 0) return { built, words };
  return { built: { ...base, body, plan: suitPlan(base.plan, base.body, body) }, words };
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
