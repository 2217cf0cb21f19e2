import type { Repair, RepairRules } from "../protocols/protocol.ts";
import { keep } from "./keep.ts";
import { createLessonsInMemory } from "./learned-store.ts";
import { type KeptRepairs, ModelLessons } from "./model-lessons.ts";

/**
 * The repairs that an upstream's models were found to need, so that no request has to fail twice for the same reason.
 */
export interface RepairMemory<Body, Fix extends Repair> {
  /**
   * The repairs to apply to the next request for the model, in the order they were learned. Once an hour one of them is
   * left out: the upstream may now accept what it refused then, or its refusal was misunderstood.
   */
  repairsFor(model: string, conversationId: string | null): readonly Fix[];
  /**
   * Narrows the repair to this request if the model accepted before what it refused now: other requests keep sending
   * it. `from`: the refusal that asked for the repair, which is kept with it if it is learned.
   */
  narrow(model: string, repair: Fix, from?: string): Fix;
  /** Remembers a repair that helped, for as long as its scope says. */
  learn(model: string, conversationId: string | null, repair: Fix): void;
  /** Records what the model accepted, and forgets repairs that would have changed it. */
  noteTaken(model: string, taken: Body): void;
}

export interface RepairMemoryOptions<Body, Fix extends Repair> {
  rules: Pick<RepairRules<Body, Fix>, "key" | "apply" | "refusedTrait" | "addTraits" | "parse">;
  /** Milliseconds from any origin; must never decrease. */
  nowMs: () => number;
  /** Where repairs of scope `model` are kept; without it they are until the program ends. */
  kept?: KeptRepairs;
}

const conversationMs = 10 * 60_000;

/** Per model. Our requests have far fewer. */
const maxTraits = 100;

/** Creates the memory of a wire of an upstream, with the repairs that were kept. */
export function createRepairMemory<Body, Fix extends Repair>({
  rules,
  nowMs,
  kept = { lessons: createLessonsInMemory(), kind: "chat-repair" },
}: RepairMemoryOptions<Body, Fix>): RepairMemory<Body, Fix> {
  const none: readonly Fix[] = [];
  const ofModel = new ModelLessons(rules, kept);
  const origins = new WeakMap<Fix, string>();
  const takenByModel = new Map<string, Set<string>>();
  const ofConversation = new Map<string, Map<string, { repair: Fix; untilMs: number }>>();

  const narrow = (model: string, repair: Fix): Fix => {
    const trait = rules.refusedTrait(repair);
    const wasTaken = trait !== null && takenByModel.get(model)?.has(trait) === true;
    return wasTaken && repair.scope === "model" ? { ...repair, scope: "request" } : repair;
  };

  return {
    repairsFor(model, conversationId) {
      // Most upstreams never need a repair.
      if (ofModel.isEmpty(nowMs()) && ofConversation.size === 0) return none;
      const known = ofModel.recall(model, nowMs());
      const recent = ofConversation.get(conversationKey(model, conversationId));
      for (const { repair, untilMs } of recent?.values() ?? []) if (untilMs > nowMs()) known.push(repair);
      return known;
    },
    narrow(model, repair, from = "") {
      const narrowed = narrow(model, repair);
      origins.set(narrowed, from);
      return narrowed;
    },
    learn(model, conversationId, repair) {
      const { scope } = narrow(model, repair);
      if (scope === "model") {
        ofModel.learn(model, repair, { nowMs: nowMs(), from: origins.get(repair) ?? "" });
      } else if (scope === "conversation" && conversationId !== null) {
        const key = conversationKey(model, conversationId);
        const recent = ofConversation.get(key) ?? new Map<string, { repair: Fix; untilMs: number }>();
        keep(recent, rules.key(repair), { repair, untilMs: nowMs() + conversationMs });
        keep(ofConversation, key, recent);
      }
    },
    noteTaken(model, body) {
      const taken = takenByModel.get(model) ?? new Set<string>();
      if (taken.size === 0) keep(takenByModel, model, taken);
      rules.addTraits(taken, body, maxTraits);
      ofModel.noteTaken(model, body);
    },
  };
}

/** Includes the model: sub-agents of a conversation may use another model, which has done nothing wrong. */
function conversationKey(model: string, conversationId: string | null): string {
  return JSON.stringify([model, conversationId]);
}
