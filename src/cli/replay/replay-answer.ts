/** A tool that an answer calls. */
export interface ReplayToolCall {
  readonly name: string;
  readonly input: unknown;
}

/** Tokens; null for those that the answer does not name. */
export interface AnswerUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
}

/** What an answer of the Messages API says. */
export interface AnswerWords {
  /** All text of the answer, without its thinking. */
  readonly text: string;
  readonly toolCalls: readonly ReplayToolCall[];
  /** Null for an answer that did not end. */
  readonly stopReason: string | null;
  /** Type and message in one sentence; null for an answer that did not fail. */
  readonly error: string | null;
  readonly usage: AnswerUsage | null;
}

/** One answer with all that is compared: the recorded one, or a new one. Null for what is not known. */
export interface ReplayAnswer extends AnswerUsage {
  /** The model that was asked for. */
  readonly asked: string | null;
  readonly requestId: string | null;
  readonly upstream: string | null;
  readonly model: string | null;
  /** Null if no answer came. */
  readonly status: number | null;
  /** Null if the words were not kept. */
  readonly text: string | null;
  readonly toolCalls: readonly ReplayToolCall[] | null;
  readonly stopReason: string | null;
  readonly error: string | null;
  readonly costUsd: number | null;
  readonly durationMs: number | null;
  readonly firstByteMs: number | null;
}
