import type { UpstreamMemory } from "../learned/upstream-memory.ts";
import type { Profile } from "../profiles/profile.ts";
import type { BuiltRequest, Recovery, Repair } from "../protocols/protocol.ts";
import { findContextWindow } from "../translate/failures/find-context-window.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { SendWatch } from "../upstream/send-watch.ts";
import type { UpstreamAnswer } from "../upstream/upstream-client.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";
import { describeRefusal } from "./describe-refusal.ts";
import type { Wire } from "./wire.ts";

export interface SendOptions<Body, Fix> {
  built: BuiltRequest<Body>;
  /** Builds the request once more, without reasoning that the upstream refuses to read (rule 6.4). */
  rebuild: (recovery: Recovery) => BuiltRequest<Body>;
  profile: Profile;
  /** The key with which the upstream is asked; null for none. */
  key: string | null;
  memory: Pick<UpstreamMemory, "learnContextWindow">;
  /** The sends that are left for the client's request. */
  budget: SendBudget;
  /** Is told of each send; null or left out if nobody wants to know. */
  watch?: SendWatch | null;
  /** The repairs made for the client's request so far; new ones are added. */
  made: Fix[];
  /** Why the request has to be repaired before it is sent: a stream that refused it. Null for the first send. */
  refusal?: UpstreamError | null;
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
  /**
   * Remembers what the upstream accepts, and the repairs that helped. Called when the answer shows that it is one: a
   * stream may begin with a refusal.
   */
  noteTaken: () => void;
}

/**
 * Sends a request. When the upstream refuses it for a reason with a known repair (rules R0, 5.2, 5.3, 6.4, 25.4),
 * repairs it and sends it again, for each of its faults as long as the budget allows. Only for a client that has
 * received nothing of an answer yet. Throws UpstreamError.
 */
export async function sendWithRepairs<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  options: SendOptions<Body, Fix>,
): Promise<SentRequest<Body, Item>> {
  const { made } = options;
  const { model } = options.built.plan;
  const known = wire.repairs.repairsFor(model, options.conversationId);
  let refusal = options.refusal ?? null;
  let loweredInVain: UpstreamError | null = null;
  for (;;) {
    const { built, words } = repairRequest(wire, options, known);
    if (refusal === null) {
      const answer = await sendOnce(wire, options, built.body, words);
      if (!(answer instanceof UpstreamError)) {
        const noteTaken = () => learn(wire, options, built);
        return { answer, built, isRepaired: words.length > 0, noteTaken };
      }
      refusal = answer;
    }
    const window = findContextWindow(refusal);
    if (window !== null) options.memory.learnContextWindow(model, window, describeRefusal(refusal));
    const repair = findRepair(wire, options, { refusal, sent: built.body, tried: [...known, ...made] });
    if (repair === null) {
      throw loweredInVain !== null && loweredInVain.status === refusal.status ? loweredInVain : refusal;
    }
    // The client lowers max_tokens by itself when it gets the error with the numbers of its own request. If another
    // fault follows, the request was lowered enough.
    const isLowered = wire.protocol.repairs.lowersOutput(repair) && repair.scope === "request";
    loweredInVain = isLowered ? (loweredInVain ?? refusal) : null;
    made.push(wire.repairs.narrow(model, repair, describeRefusal(refusal)));
    refusal = null;
  }
}

function learn<Body extends object, Item, Fix extends Repair>(
  { repairs: memory }: Wire<Body, Item, Fix>,
  { made, conversationId }: SendOptions<Body, Fix>,
  { body, plan: { model } }: BuiltRequest<Body>,
): void {
  for (const repair of made) memory.learn(model, conversationId, repair);
  memory.noteTaken(model, body);
}

/** A request that was refused. */
interface Refused<Body, Fix> {
  refusal: UpstreamError;
  sent: Body;
  /** The repairs that it was sent with, whether they changed it or not. */
  tried: readonly Fix[];
}

/** The repair with which the request is worth another send, or null. */
function findRepair<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  { budget, profile, leavesRepair }: SendOptions<Body, Fix>,
  { refusal, sent, tried }: Refused<Body, Fix>,
): Fix | null {
  const { repairs: rules } = wire.protocol;
  const found = budget.hasLeft ? rules.find(refusal, sent, profile) : null;
  const isVain = found !== null && isAmong(tried, found);
  const repair = isVain ? (rules.nextAfter?.(found, sent, profile) ?? null) : found;
  if (repair === null || isAmong(tried, repair) || !changes(wire, repair, sent)) return null;
  return leavesRepair?.(refusal) === true ? null : repair;
}

async function sendOnce<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  { profile, key, budget, watch = null, controller, runStep = null, onSend }: SendOptions<Body, Fix>,
  body: Body,
  repairs: readonly string[],
): Promise<UpstreamAnswer<Item> | UpstreamError> {
  onSend(body, repairs);
  const traits = profile.traits.request;
  const isStreamed = wire.protocol.isStreamed(body);
  try {
    return await wire.send({ body, key, isStreamed, traits, budget, watch, controller, runStep });
  } catch (error) {
    if (error instanceof UpstreamError) return error;
    throw error;
  }
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
  // Of two with the same key the later one counts.
  const rebuilding = new Map<string, Fix>();
  for (const repair of repairs)
    if (rules.recoveryOf(repair) !== null) rebuilding.set(rules.key(repair), repair);
  const recovery: Recovery = {};
  for (const repair of rebuilding.values()) Object.assign(recovery, rules.recoveryOf(repair));
  const base = rebuilding.size === 0 ? built : rebuild(recovery);
  let { body } = base;
  const words: string[] = [];
  for (const repair of repairs) {
    const repaired = rules.apply(body, repair);
    if (repaired === body && rebuilding.get(rules.key(repair)) !== repair) continue;
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
