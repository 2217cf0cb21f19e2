import type { Repair, RepairRules } from "../protocols/protocol.ts";
import { keep } from "./keep.ts";

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
   * it.
   */
  narrow(model: string, repair: Fix): Fix;
  /** Remembers a repair that helped, for as long as its scope says. */
  learn(model: string, conversationId: string | null, repair: Fix): void;
  /** Records what the model accepted, and forgets repairs that would have changed it. */
  noteTaken(model: string, taken: Body): void;
}

export interface RepairMemoryOptions<Body, Fix extends Repair> {
  rules: Pick<RepairRules<Body, Fix>, "key" | "apply" | "refusedTrait" | "addTraits">;
  /** Milliseconds from any origin; must never decrease. */
  nowMs: () => number;
}

interface Lesson<Fix> {
  repair: Fix;
  /** From this time on, one request is sent without the repair. */
  doubtedAtMs: number;
}

const conversationMs = 10 * 60_000;
const doubtMs = 60 * 60_000;

/** Per model. Our requests have far fewer. */
const maxTraits = 100;
/** Per model, dropping the oldest first: some repairs name a tool, and tool names come from clients. */
const maxLessons = 100;

/** Creates an empty memory. */
export function createRepairMemory<Body, Fix extends Repair>({
  rules,
  nowMs,
}: RepairMemoryOptions<Body, Fix>): RepairMemory<Body, Fix> {
  const none: readonly Fix[] = [];
  const ofModel = new Map<string, Map<string, Lesson<Fix>>>();
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
      if (ofModel.size === 0 && ofConversation.size === 0) return none;
      const known = recall([...(ofModel.get(model)?.values() ?? [])], nowMs());
      const recent = ofConversation.get(conversationKey(model, conversationId));
      for (const { repair, untilMs } of recent?.values() ?? []) if (untilMs > nowMs()) known.push(repair);
      return known;
    },
    narrow,
    learn(model, conversationId, repair) {
      const { scope } = narrow(model, repair);
      if (scope === "model") {
        const lessons = ofModel.get(model) ?? new Map<string, Lesson<Fix>>();
        keep(lessons, rules.key(repair), { repair, doubtedAtMs: nowMs() + doubtMs }, maxLessons);
        keep(ofModel, model, lessons);
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
      const lessons = ofModel.get(model);
      for (const [key, { repair }] of lessons ?? []) {
        if (rules.apply(body, repair) !== body) lessons?.delete(key);
      }
    },
  };
}

/** The repairs of all lessons, without the first one that is due for a doubt. One request at a time doubts it. */
function recall<Fix>(lessons: readonly Lesson<Fix>[], nowMs: number): Fix[] {
  const doubted = lessons.find(({ doubtedAtMs }) => doubtedAtMs <= nowMs);
  if (doubted !== undefined) doubted.doubtedAtMs = nowMs + doubtMs;
  return lessons.filter((lesson) => lesson !== doubted).map(({ repair }) => repair);
}

/** Includes the model: sub-agents of a conversation may use another model, which has done nothing wrong. */
function conversationKey(model: string, conversationId: string | null): string {
  return JSON.stringify([model, conversationId]);
}
