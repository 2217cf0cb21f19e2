import { nonEmptyString } from "../../../json/json-value.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import type { AnswerWriter } from "../../../translate/answer/answer-writer.ts";
import type { ChatChoice, ChatDelta } from "../chat-response.ts";
import type { DeltaReader } from "./delta-reader.ts";
import { findDelta } from "./find-delta.ts";

interface OtherChoice {
  /** Its deltas with calls, without members that do not belong to the calls. */
  deltas: ChatDelta[];
  isFinished: boolean;
}

/** Only the calls of a further choice are read. */
const noThinking = { thinkingIsOn: false };
const noTags = { thinkTags: "off", loneThinkTag: false } as const;

/**
 * The choices besides the first. We never request them, but GitHub Copilot puts the text of Claude models into the
 * first and their calls into others (rule 3.3). So calls are held until it is known whether the first has any.
 */
export class OtherChoices {
  readonly #writer: Pick<AnswerWriter, "callsBegun" | "warn">;
  readonly #room: AnswerRoom;
  readonly #choices = new Map<number, OtherChoice>();

  constructor(writer: Pick<AnswerWriter, "callsBegun" | "warn">, room: AnswerRoom) {
    this.#writer = writer;
    this.#room = room;
  }

  get hasCalls(): boolean {
    return this.#choices.size > 0;
  }

  /** A choice with calls has begun and has no finish reason yet. */
  get isOpen(): boolean {
    return this.#choices.values().some(({ isFinished }) => !isFinished);
  }

  /** Takes a choice, of a chunk or whole, and holds its calls. Throws UpstreamError if the answer is too long. */
  push(choice: ChatChoice, number: number): void {
    const delta = findDelta(choice, noThinking, noTags);
    const known = this.#choices.get(number);
    const calls = callsOf(delta);
    if (calls !== null) {
      this.#room.takeValue(calls);
      if (known === undefined) this.#choices.set(number, { deltas: [calls], isFinished: false });
      else known.deltas.push(calls);
    }
    if (delta?.content) this.#writer.warn("a second choice was left out");
    const kept = this.#choices.get(number);
    if (kept !== undefined && nonEmptyString(choice.finish_reason) !== undefined) kept.isFinished = true;
  }

  /**
   * Pushes the calls, choice by choice, if the answer has none so far. Throws as `push` does, and if a call is
   * impossible.
   */
  finish(reader: Pick<DeltaReader, "beginChoice" | "push">): void {
    if (!this.hasCalls) return;
    const isTaken = this.#writer.callsBegun === 0;
    this.#writer.warn(`calls of a further choice were ${isTaken ? "taken" : "left out"}`);
    if (!isTaken) return;
    for (const { deltas } of this.#choices.values()) {
      reader.beginChoice();
      for (const delta of deltas) reader.push(delta);
    }
  }
}

function callsOf(delta: ChatDelta | null): ChatDelta | null {
  const { tool_calls, function_call, reasoning_opaque } = delta ?? {};
  const hasCalls = Array.isArray(tool_calls) && tool_calls.length > 0;
  return hasCalls || function_call != null ? { tool_calls, function_call, reasoning_opaque } : null;
}
