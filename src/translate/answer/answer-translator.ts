import type { Message, Usage } from "../../anthropic/message.ts";
import type { StreamEvent } from "../../anthropic/stream-event.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import type { Ending } from "./ending.ts";
import type { OutputText } from "./output-text.ts";
import type { UpstreamUsage } from "./usage.ts";

/** Our own count of tokens, used if the upstream does not report them. */
export interface UsageEstimate {
  inputTokens: number;
  outputTokens: number;
}

/** The facts about an answer for the log. */
export interface AnswerSummary {
  stopReason: Message["stop_reason"];
  /** As sent to the client, or null. */
  usage: Usage | null;
  /** The upstream's id of the answer, or null. */
  upstreamId: string | null;
  warnings: string[];
}

/**
 * Turns the items of one answer into the events of one message: synchronous, without clock, ids or I/O of its own.
 * Events come out in the legal order of the client's wire whatever the upstream sends (rule 4). When `failure` is set,
 * the answer has failed: no more events follow and open blocks stay open, so that a cut answer never looks complete.
 */
export interface AnswerTranslator<Item> {
  /** True once `message_start` was sent. */
  readonly isStarted: boolean;
  /** The failure, once there is one. */
  readonly failure: UpstreamError | null;
  /** The upstream gave its finish reason; only usage may still come. */
  readonly hasFinishReason: boolean;
  /** One of our stop sequences was hit: the upstream need not go on. */
  readonly hasHitStopSequence: boolean;
  /** True if the answer has no content, no error and no reason for having none (rule 4.8). */
  readonly isBarren: boolean;
  /** Usage as reported by the upstream; null until then. */
  readonly upstreamUsage: UpstreamUsage | null;
  /** All visible text, reasoning and tool arguments so far, from which the output tokens are estimated. */
  readonly outputText: OutputText;
  readonly summary: AnswerSummary;
  /** Takes one item, or a whole answer as one, and returns the events for it. */
  push(item: Item, estimate: UsageEstimate): StreamEvent[];
  /** Records a failure that was found outside the items; the first one counts. */
  fail(error: UpstreamError): void;
  /** Returns the head of the message before the upstream has sent anything, so that the client does not give up. */
  start(estimate: UsageEstimate): StreamEvent[];
  /**
   * Processes everything that was held back until the end of the answer. Sets `failure` if the answer broke off. After
   * that the output can be counted, and `finish` ends the message for the client.
   */
  settle(ending: Ending): void;
  /** Settles and ends the message; if `failure` is set, returns only the events so far. */
  finish(ending: Ending, estimate: UsageEstimate): StreamEvent[];
}
