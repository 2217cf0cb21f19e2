import type { ProtocolId } from "../profiles/protocol-id.ts";
import { keep } from "./keep.ts";

/**
 * The tag that opens a model's reasoning in its prompt: what is known of it, and a function to record what an answer
 * showed.
 */
export interface LearnedTag {
  readonly known: string | null;
  learn(tag: string | null): void;
}

/** What an upstream's answers have shown about it and its models. */
export interface UpstreamMemory {
  /** The model's window in tokens, as last named by the upstream; null if it never named one. */
  contextWindow(model: string): number | null;
  learnContextWindow(model: string, tokens: number): void;
  /** The wire on which the upstream wants to be asked for the model; null if it never said so. */
  protocol(model: string): ProtocolId | null;
  learnProtocol(model: string, protocol: ProtocolId): void;
  /** Whether any model has completed an answer. */
  hasAnswered(): boolean;
  noteAnswer(): void;
  /**
   * The tag with which the model's prompt opens its reasoning, so that its answers only close it (rule 3.3). It is
   * `expected` until an answer shows otherwise.
   */
  loneThinkTag(model: string, expected: string | null): LearnedTag;
}

/** Creates an empty memory. */
export function createUpstreamMemory(): UpstreamMemory {
  const windowOfModel = new Map<string, number>();
  const protocolOfModel = new Map<string, ProtocolId>();
  const thinkTagOfModel = new Map<string, string | null>();
  let hasAnswered = false;
  return {
    contextWindow: (model) => windowOfModel.get(model) ?? null,
    learnContextWindow: (model, tokens) => keep(windowOfModel, model, tokens),
    protocol: (model) => protocolOfModel.get(model) ?? null,
    learnProtocol: (model, protocol) => keep(protocolOfModel, model, protocol),
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
