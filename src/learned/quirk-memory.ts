import type { ChatRequest } from "../protocols/chat/chat-request.ts";
import { applyRepair } from "../protocols/chat/repair/apply-repair.ts";
import { addTraits, refusedTrait } from "../protocols/chat/repair/list-traits.ts";
import { type Repair, repairKey } from "../protocols/chat/repair/repair.ts";
import type { LoneThinkTag } from "../translate/answer/text/lone-tag-watch.ts";

/** What has been learned of the upstream's models, so that no request has to fail for it twice. */
export interface QuirkMemory {
  /**
   * The repairs that the next request for the model begins with, in the order they were learned. Once an hour one
   * of them is missing: the upstream may take by now what it refused then, or was misunderstood.
   */
  repairsFor(model: string, conversationId: string | null): readonly Repair[];
  /** The repair, for this request only where the model took before what was refused now: others go on sending it. */
  narrow(model: string, repair: Repair): Repair;
  /** Remembers a repair that helped, for as long as its scope says. */
  learn(model: string, conversationId: string | null, repair: Repair): void;
  /** Remembers what the model took, and forgets the repairs that would have changed it. */
  noteTaken(chatRequest: ChatRequest): void;
  /** The model's window in tokens, as the upstream named it last; null when it never did. */
  contextWindow(model: string): number | null;
  learnContextWindow(model: string, tokens: number): void;
  /** Whether any model has answered, whole. */
  hasAnswered(): boolean;
  noteAnswer(): void;
  /**
   * The tag that the model's prompt opens its reasoning with, so that its answers only close it (rule 3.3): `expected`
   * until an answer has shown otherwise.
   */
  loneThinkTag(model: string, expected: string | null): LoneThinkTag;
}

export interface QuirkMemoryOptions {
  /** Milliseconds, from any origin; may not go back. */
  nowMs: () => number;
}

interface Lesson {
  repair: Repair;
  /** From then on one request is sent without it. */
  doubtedAtMs: number;
}

const none: readonly Repair[] = [];
const conversationMs = 10 * 60_000;
const doubtMs = 60 * 60_000;

/** Of each kind; the oldest are forgotten first. Model ids and session ids come from clients. */
const maxEntries = 500;
/** Of one model. What we send has far fewer. */
const maxTraits = 100;
/** Of one model, the oldest going first: some name a tool, which clients name. */
const maxLessons = 100;

/** Creates an empty memory. */
export function createQuirkMemory({ nowMs }: QuirkMemoryOptions): QuirkMemory {
  const ofModel = new Map<string, Map<string, Lesson>>();
  const takenByModel = new Map<string, Set<string>>();
  const windowOfModel = new Map<string, number>();
  const thinkTagOfModel = new Map<string, string | null>();
  const ofConversation = new Map<string, { repair: Repair; untilMs: number }>();
  let hasAnswered = false;

  const narrow = (model: string, repair: Repair): Repair => {
    const trait = refusedTrait(repair);
    const wasTaken = trait !== null && takenByModel.get(model)?.has(trait) === true;
    return wasTaken && repair.scope === "model" ? { ...repair, scope: "request" } : repair;
  };

  return {
    repairsFor(model, conversationId) {
      // As it is with most upstreams, for ever.
      if (ofModel.size === 0 && ofConversation.size === 0) return none;
      const known = recall([...(ofModel.get(model)?.values() ?? [])], nowMs());
      const recent = ofConversation.get(conversationKey(model, conversationId));
      return recent !== undefined && recent.untilMs > nowMs() ? [...known, recent.repair] : known;
    },
    narrow,
    learn(model, conversationId, repair) {
      const { scope } = narrow(model, repair);
      if (scope === "model") {
        const lessons = ofModel.get(model) ?? new Map<string, Lesson>();
        keep(lessons, repairKey(repair), { repair, doubtedAtMs: nowMs() + doubtMs }, maxLessons);
        keep(ofModel, model, lessons);
      } else if (scope === "conversation" && conversationId !== null) {
        const key = conversationKey(model, conversationId);
        keep(ofConversation, key, { repair, untilMs: nowMs() + conversationMs });
      }
    },
    noteTaken(chatRequest) {
      const taken = takenByModel.get(chatRequest.model) ?? new Set<string>();
      if (taken.size === 0) keep(takenByModel, chatRequest.model, taken);
      addTraits(taken, chatRequest, maxTraits);
      const lessons = ofModel.get(chatRequest.model);
      for (const [key, { repair }] of lessons ?? []) {
        if (applyRepair(chatRequest, repair) !== chatRequest) lessons?.delete(key);
      }
    },
    contextWindow: (model) => windowOfModel.get(model) ?? null,
    learnContextWindow: (model, tokens) => keep(windowOfModel, model, tokens),
    hasAnswered: () => hasAnswered,
    noteAnswer() {
      hasAnswered = true;
    },
    loneThinkTag(model, expected) {
      const shown = thinkTagOfModel.get(model);
      return {
        known: shown === undefined ? expected : shown,
        learn: (tag) => keep(thinkTagOfModel, model, tag),
      };
    },
  };
}

/** The repairs of all lessons but the first whose time has come, which is doubted by one request at a time. */
function recall(lessons: readonly Lesson[], nowMs: number): Repair[] {
  const doubted = lessons.find(({ doubtedAtMs }) => doubtedAtMs <= nowMs);
  if (doubted !== undefined) doubted.doubtedAtMs = nowMs + doubtMs;
  return lessons.filter((lesson) => lesson !== doubted).map(({ repair }) => repair);
}

/** Sub-agents of a conversation may use another model, which has done nothing wrong. */
function conversationKey(model: string, conversationId: string | null): string {
  return JSON.stringify([model, conversationId]);
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value, most = maxEntries): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
