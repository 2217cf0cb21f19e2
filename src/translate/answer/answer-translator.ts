import type { Message, Usage } from "../../anthropic/message.ts";
import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import type { Ending } from "./ending.ts";
import type { OutputText } from "./output-text.ts";
import type { UpstreamUsage } from "./usage.ts";

/** Tokens as we count them, used where the upstream does not report them. */
export interface UsageEstimate {
  inputTokens: number;
  outputTokens: number;
}

/** What the log records of an answer. */
export interface AnswerSummary {
  stopReason: Message["stop_reason"];
  /** As the client heard it, or null. */
  usage: Usage | null;
  /** The upstream's id of the answer, or null. */
  upstreamId: string | null;
  warnings: string[];
}

/**
 * Turns the items of one answer into the events of one message: synchronous, without clock, ids or I/O of its own.
 * Events come out in the legal order of the client's wire whatever the upstream sends (rule 4).
 * When `failure` is set the answer has failed: nothing more comes, and what is open stays open, so that no cut
 * answer looks whole.
 */
export interface AnswerTranslator<Item> {
  /** True once `message_start` went out. */
  readonly isStarted: boolean;
  /** What went wrong, once something did. */
  readonly failure: UpstreamError | null;
  /** The upstream said why it stopped; only usage may still come. */
  readonly hasFinishReason: boolean;
  /** A stop sequence of ours was hit: the upstream need not go on. */
  readonly hasHitStopSequence: boolean;
  /** True when the answer has no content, no error and no reason for having none (rule 4.8). */
  readonly isBarren: boolean;
  /** Usage as the upstream reported it; null until it does. */
  readonly upstreamUsage: UpstreamUsage | null;
  /** All visible text, reasoning and tool arguments so far, to estimate the output tokens from. */
  readonly outputText: OutputText;
  readonly summary: AnswerSummary;
  /** Takes one item, or a whole answer as one, and returns the events it makes. */
  push(item: Item, estimate: UsageEstimate): StreamEvent[];
  /** Notes a failure that was found outside the items; the first one counts. */
  fail(error: UpstreamError): void;
  /** Sends the head of the message before the upstream has said anything, so that the client does not give up. */
  start(estimate: UsageEstimate): StreamEvent[];
  /**
   * Reads what was held back to the end of the answer. Sets `failure` when the answer broke off. What the answer says
   * can be counted then; `finish` gives the client its end.
   */
  settle(ending: Ending): void;
  /** Settles and ends the message; gives what there is of it where `failure` is set. */
  finish(ending: Ending, estimate: UsageEstimate): StreamEvent[];
}
