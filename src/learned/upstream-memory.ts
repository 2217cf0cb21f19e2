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
  const thinkTagOfModel = new Map<string, string | null>();
  let hasAnswered = false;
  return {
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
