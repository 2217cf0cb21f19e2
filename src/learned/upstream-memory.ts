import { keep } from "./keep.ts";

/** A tag that opens a model's reasoning in its prompt: what is known, and where to say what an answer has shown. */
export interface LearnedTag {
  readonly known: string | null;
  learn(tag: string | null): void;
}

/** What the answers of an upstream have shown of it and of its models. */
export interface UpstreamMemory {
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
