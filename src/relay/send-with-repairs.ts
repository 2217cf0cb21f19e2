import type { UpstreamMemory } from "../learned/upstream-memory.ts";
import type { Profile } from "../profiles/profile.ts";
import type { BuiltRequest, Recovery, Repair } from "../protocols/protocol.ts";
import { findContextWindow } from "../translate/failures/find-context-window.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { UpstreamAnswer } from "../upstream/upstream-client.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";
import type { Wire } from "./wire.ts";

export interface SendOptions<Body, Fix> {
  built: BuiltRequest<Body>;
  /** Builds the request once more, without reasoning that the upstream refuses to read (rule 6.4). */
  rebuild: (recovery: Recovery) => BuiltRequest<Body>;
  profile: Profile;
  memory: Pick<UpstreamMemory, "learnContextWindow">;
  /** The sends that are left for the client's request. */
  budget: SendBudget;
  /** The repairs made for the client's request so far; new ones are added. */
  made: Fix[];
  /** The client's session, or null. */
  conversationId: string | null;
  /** Whether a refusal is left to others although it could be repaired. */
  leavesRepair?: ((error: UpstreamError) => boolean) | null;
  /** Ends the call when it is aborted. */
  controller: AbortController;
  /** Runs the steps of a large request; without it a request is encoded at once. */
  runStep?: StepRunner | null;
  /** Called with every request just before it is sent, and with the changes made to it for this upstream. */
  onSend: (body: Body, repairs: readonly string[]) => void;
}

export interface SentRequest<Body, Item> {
  answer: UpstreamAnswer<Item>;
  /** The request that was answered. */
  built: BuiltRequest<Body>;
  /** The request is not the one that was passed in. */
  isRepaired: boolean;
}

/**
 * Sends a request. When the upstream refuses it for a reason with a known repair (rules R0, 5.2, 5.3, 6.4), repairs it
 * and sends it again, for each of its faults as long as the budget allows. Remembers the repairs that helped. Only for
 * a client that has received nothing yet. Throws UpstreamError.
 */
export async function sendWithRepairs<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  options: SendOptions<Body, Fix>,
): Promise<SentRequest<Body, Item>> {
  const { conversationId, profile, budget, made } = options;
  const { repairs: memory } = wire;
  const { repairs: rules } = wire.protocol;
  const { model } = options.built.plan;
  const known = memory.repairsFor(model, conversationId);
  let loweredInVain: UpstreamError | null = null;
  for (;;) {
    const { built, words } = repairRequest(wire, options, known);
    try {
      const answer = await sendOnce(wire, options, built.body, words);
      for (const repair of made) memory.learn(model, conversationId, repair);
      memory.noteTaken(model, built.body);
      return { answer, built, isRepaired: words.length > 0 };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const window = findContextWindow(error);
      if (window !== null) options.memory.learnContextWindow(model, window);
      const repair = budget.hasLeft ? rules.find(error, built.body, profile) : null;
      const isVain =
        repair === null || isAmong([...known, ...made], repair) || !changes(wire, repair, built.body);
      if (isVain || options.leavesRepair?.(error) === true) {
        throw loweredInVain !== null && loweredInVain.status === error.status ? loweredInVain : error;
      }
      // The client lowers max_tokens by itself when it gets the error with the numbers of its own request. If another
      // fault follows, the request was lowered enough.
      const isLowered = rules.lowersOutput(repair) && repair.scope === "request";
      loweredInVain = isLowered ? (loweredInVain ?? error) : null;
      made.push(memory.narrow(model, repair));
    }
  }
}

async function sendOnce<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  { profile, budget, controller, runStep = null, onSend }: SendOptions<Body, Fix>,
  body: Body,
  repairs: readonly string[],
): Promise<UpstreamAnswer<Item>> {
  onSend(body, repairs);
  const traits = profile.traits.request;
  const isStreamed = wire.protocol.isStreamed(body);
  return await wire.send({ body, isStreamed, traits, budget, controller, runStep });
}

/**
 * Returns the request with all repairs applied, to a rebuilt request if a repair needs one, and a description for the
 * log.
 */
function repairRequest<Body extends object, Item, Fix extends Repair>(
  { protocol: { repairs: rules } }: Wire<Body, Item, Fix>,
  { built, rebuild, made }: SendOptions<Body, Fix>,
  known: readonly Fix[],
): { built: BuiltRequest<Body>; words: readonly string[] } {
  if (known.length + made.length === 0) return { built, words: [] };
  const repairs = [...known, ...made];
  const rebuilding = repairs.findLast((repair) => rules.recoveryOf(repair) !== null);
  const recovery = rebuilding === undefined ? null : rules.recoveryOf(rebuilding);
  const base = recovery === null ? built : rebuild(recovery);
  let { body } = base;
  const words: string[] = [];
  for (const repair of repairs) {
    const repaired = rules.apply(body, repair);
    if (repaired === body && repair !== rebuilding) continue;
    words.push(`${rules.describe(repair)}${made.includes(repair) ? "" : " (learned earlier)"}`);
    body = repaired;
  }
  if (words.length === 0) return { built, words };
  return { built: { ...base, body, plan: rules.suitPlan(base.plan, base.body, body) }, words };
}

/**
 * Whether the repair changes the request: an unchanged one is not sent again. A rebuilt request always counts as
 * changed.
 */
function changes<Body extends object, Item, Fix extends Repair>(
  { protocol: { repairs: rules } }: Wire<Body, Item, Fix>,
  repair: Fix,
  sent: Body,
): boolean {
  return rules.recoveryOf(repair) !== null || rules.apply(sent, repair) !== sent;
}

/** Whether the repair was made before, in whichever scope: one that did not help is not tried again. */
function isAmong(repairs: readonly Repair[], repair: Repair): boolean {
  return repairs.some((other) => Bun.deepEquals({ ...other, scope: repair.scope }, repair));
}
