import { type Repair, repairKey } from "../translate/repair/repair.ts";

/** What has been learned of the upstream's models, so that no request has to fail for it twice. */
export interface QuirkMemory {
  /** The repairs that requests for the model begin with, in the order they were learned. */
  repairsFor(model: string, conversationId: string | null): readonly Repair[];
  /** Remembers a repair that helped, for as long as its scope says. */
  learn(model: string, conversationId: string | null, repair: Repair): void;
  /** The model's window in tokens, as the upstream named it last; null when it never did. */
  contextWindow(model: string): number | null;
  learnContextWindow(model: string, tokens: number): void;
}

export interface QuirkMemoryOptions {
  /** Milliseconds, from any origin; may not go back. */
  nowMs: () => number;
}

const conversationMs = 10 * 60_000;

/** Of each kind; the oldest are forgotten first. Model ids and session ids come from clients. */
const maxEntries = 500;

/** Creates an empty memory. */
export function createQuirkMemory({ nowMs }: QuirkMemoryOptions): QuirkMemory {
  const ofModel = new Map<string, Map<string, Repair>>();
  const windowOfModel = new Map<string, number>();
  const ofConversation = new Map<string, { repair: Repair; untilMs: number }>();

  return {
    repairsFor(model, conversationId) {
      const known = [...(ofModel.get(model)?.values() ?? [])];
      const recent = ofConversation.get(conversationKey(model, conversationId));
      return recent !== undefined && recent.untilMs > nowMs() ? [...known, recent.repair] : known;
    },
    learn(model, conversationId, repair) {
      if (repair.scope === "model") {
        const known = ofModel.get(model) ?? new Map<string, Repair>();
        keep(ofModel, model, known.set(repairKey(repair), repair));
      } else if (repair.scope === "conversation" && conversationId !== null) {
        const key = conversationKey(model, conversationId);
        keep(ofConversation, key, { repair, untilMs: nowMs() + conversationMs });
      }
    },
    contextWindow: (model) => windowOfModel.get(model) ?? null,
    learnContextWindow: (model, tokens) => keep(windowOfModel, model, tokens),
  };
}

/** Sub-agents of a conversation may use another model, which has done nothing wrong. */
function conversationKey(model: string, conversationId: string | null): string {
  return JSON.stringify([model, conversationId]);
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxEntries && oldest !== undefined) map.delete(oldest);
}
