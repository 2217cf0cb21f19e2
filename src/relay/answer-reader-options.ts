import type { StreamEvent } from "../anthropic/stream-event.ts";
import type { AnswerWatch } from "../protocols/protocol.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { AnswerTranslator } from "../translate/answer/answer-translator.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import type { EventFilter } from "./own-keys.ts";

export interface AnswerReaderOptions<Item> {
  /** The plan as it is before anything is sent. */
  plan: AnswerPlan;
  createTranslator: (plan: AnswerPlan, isHeadSent: boolean) => AnswerTranslator<Item>;
  createWatch: () => AnswerWatch<Item>;
  /** Prompt tokens as far as they are known by now, for the head of the message. Asked once at most. */
  guessInputTokens: () => number;
  /** Prompt tokens of an answer that came without usage. */
  countInputTokens: () => Promise<number>;
  /** Output tokens of the text of an answer that came without usage. */
  countOutputTokens: (text: string) => Promise<number>;
  /** Whether the upstream may be asked once more for an answer that was empty. */
  canSendAgain: () => boolean;
  /** What an answer that stayed empty hides, if anything (rule 4.8). */
  explainEmptyAnswer: () => Promise<UpstreamError | null>;
  /** How long the usage may take to come after the finish reason. */
  lingerMs: number;
  /** Takes keys out of the events on their way out; null when there is none to take out. */
  filterEvents: EventFilter | null;
  /** Runs what is done with a long event in turns of the event loop. */
  takeTurn: StepRunner;
  /** Told every piece of the answer as it came, and all events, for the debug log; null when nobody reads that. */
  onPiece: ((piece: unknown) => void) | null;
  onEvents: ((events: readonly StreamEvent[]) => void) | null;
}
