import type { StreamEvent } from "../anthropic/stream-event.ts";
import type { ChatTranslator } from "../protocols/chat/answer/chat-translator.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { UpstreamAnswer } from "../upstream/upstream-client.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import type { EventFilter } from "./own-keys.ts";

/**
 * Sends the chat request and gives the plan of the one that was answered, which a repair may have changed. Called
 * once, and once more when the first answer was empty (rule 4.8). Let go as soon as the answer begins, with the
 * conversation that it holds.
 */
export type AnswerSender = () => Promise<{ answer: UpstreamAnswer; plan: AnswerPlan }>;

export interface AnswerReaderOptions {
  /** The plan as it is before anything is sent. */
  plan: AnswerPlan;
  createTranslator: (plan: AnswerPlan, isHeadSent: boolean) => ChatTranslator;
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
