import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import { brokenOff } from "../../../translate/answer/answer-failures.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import { argumentsText } from "../../../translate/answer/calls/arguments-text.ts";
import type { BegunCall } from "../../../translate/answer/calls/call-slot.ts";
import type { ToolCallDelta } from "../chat-response.ts";
import { CallSlots } from "./call-slots.ts";
import { findThoughtSignature } from "./find-thought-signature.ts";

/** Reads the entries of `delta.tool_calls`, and finds the call of each. */
export class ToolCallReader {
  readonly #begin: () => BegunCall;
  readonly #room: AnswerRoom;
  readonly #slots = new CallSlots();

  /** `begin` begins a call on the client's side. */
  constructor(begin: () => BegunCall, room: AnswerRoom) {
    this.#begin = begin;
    this.#room = room;
  }

  /** Takes one entry. Throws UpstreamError if its `index` is impossible, or if the answer has become too long. */
  push(delta: ToolCallDelta): void {
    const index = delta.index ?? null;
    if (index !== null && !isCallIndex(index))
      throw brokenOff("the upstream sent a tool call with an impossible index");
    const said = isJsonObject(delta.function) ? delta.function : {};
    const piece = {
      index,
      id: nonEmptyString(delta.id) ?? null,
      name: nonEmptyString(said["name"]) ?? null,
      arguments: argumentsText(said["arguments"]),
      thoughtSignature: findThoughtSignature(delta.extra_content),
    };
    if (delta.extra_content != null) this.#room.takeValue(delta.extra_content);
    const call = this.#slots.find(piece) ?? this.#beginAt(index);
    if (piece.id !== null) this.#slots.noteId(call, piece.id);
    call.push(piece);
  }

  /** Later calls are new ones, even if their numbers and ids are the same. */
  beginChoice(): void {
    this.#slots.beginAnew();
  }

  #beginAt(index: number | null): BegunCall {
    const call = this.#begin();
    this.#slots.add(call, index);
    return call;
  }
}

/** Whether a value is possible as a call's `index`. */
function isCallIndex(index: unknown): index is number {
  return typeof index === "number" && Number.isInteger(index) && index >= 0 && index < 1_000_000;
}
