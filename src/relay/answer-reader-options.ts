import type { StreamEvent } from "../anthropic/stream-event.ts";
import type { AnswerWatch } from "../protocols/protocol.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { AnswerTranslator } from "../translate/answer/answer-translator.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import type { EventFilter } from "./own-keys.ts";

export interface AnswerReaderOptions<Item> {
  /** The plan before anything is sent. */
  plan: AnswerPlan;
  createTranslator: (plan: AnswerPlan, isHeadSent: boolean) => AnswerTranslator<Item>;
  createWatch: () => AnswerWatch<Item>;
  /** Prompt tokens as far as they are known so far, for the head of the message. Called at most once. */
  guessInputTokens: () => number;
  /** Counts the prompt tokens of an answer that came without usage. */
  countInputTokens: () => Promise<number>;
  /** Counts the output tokens of the text of an answer that came without usage. */
  countOutputTokens: (text: string) => Promise<number>;
  /** Whether the request may be sent once more after an empty answer. */
  canSendAgain: () => boolean;
  /** The error that an answer hides if it stays empty, or null (rule 4.8). */
  explainEmptyAnswer: () => Promise<UpstreamError | null>;
  /** How long the usage may take to come after the finish reason. */
  lingerMs: number;
  /** Takes keys out of events before they are sent; null when there are no keys to take out. */
  filterEvents: EventFilter | null;
  /** Runs the work on a long event in turns of the event loop. */
  takeTurn: StepRunner;
  /**
   * Called with every piece of the answer as it arrives, and below with all events, for the debug log; null when that
   * is off.
   */
  onPiece: ((piece: unknown) => void) | null;
  onEvents: ((events: readonly StreamEvent[]) => void) | null;
}
