import { readWholeNumber } from "../json/whole-number.ts";
import { type ProtocolId, protocolIds } from "../profiles/protocol-id.ts";
import { createLessonsInMemory, type UpstreamLessons } from "./learned-store.ts";
import type { LessonKind } from "./lesson.ts";

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
  /** `from`: the refusal that named it. */
  learnContextWindow(model: string, tokens: number, from?: string): void;
  /** The wire on which the upstream wants to be asked for the model; null if it never said so. */
  protocol(model: string): ProtocolId | null;
  /** `from`: the refusal that asked for it. */
  learnProtocol(model: string, protocol: ProtocolId, from?: string): void;
  /** Whether any model has completed an answer. */
  hasAnswered(): boolean;
  noteAnswer(): void;
  /**
   * The tag with which the model's prompt opens its reasoning, so that its answers only close it (rule 3.3). It is
   * `expected` until an answer shows otherwise: that of the request with this id.
   */
  loneThinkTag(model: string, expected: string | null, requestId?: string): LearnedTag;
}

/** A window, wire or tag that nobody has seen again for so long is doubted: the next answer has to show it once more. */
const doubtMs = 7 * 24 * 60 * 60_000;
/** A tag in the form of those that are learned. */
const tagForm = /^<[\w|]{1,20}>$/;

/** Creates the memory of an upstream: what `lessons` has, which keeps what is learned; without it an empty memory. */
export function createUpstreamMemory(lessons: UpstreamLessons = createLessonsInMemory()): UpstreamMemory {
  let hasAnswered = false;
  const recall = (kind: LessonKind, model: string): unknown => {
    const lesson = lessons.find(kind, model);
    return lesson === null || lessons.ageMs(lesson) > doubtMs ? undefined : lesson.value;
  };
  return {
    contextWindow: (model) => readWholeNumber(recall("window", model)),
    learnContextWindow: (model, tokens, from = "") => lessons.learn("window", model, { value: tokens, from }),
    protocol(model) {
      const wanted = recall("wire", model);
      return protocolIds.find((id) => id === wanted) ?? null;
    },
    learnProtocol: (model, protocol, from = "") => lessons.learn("wire", model, { value: protocol, from }),
    hasAnswered: () => hasAnswered,
    noteAnswer() {
      hasAnswered = true;
    },
    loneThinkTag(model, expected, requestId = "") {
      const shown = recall("think-tag", model);
      const isTag = shown === null || (typeof shown === "string" && tagForm.test(shown));
      return {
        known: isTag ? shown : expected,
        learn: (tag) => lessons.learn("think-tag", model, { value: tag, from: requestId }),
      };
    },
  };
}
