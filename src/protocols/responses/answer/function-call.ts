import { type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import { argumentsText } from "../../../translate/answer/calls/arguments-text.ts";
import type { BegunCall } from "../../../translate/answer/calls/call-slot.ts";
import type { RequestedTools } from "../../../translate/tools/requested-tools.ts";
import { isParallel, splitParallel } from "./split-parallel.ts";

export interface FunctionCallOptions {
  room: AnswerRoom;
  /** By the name sent upstream. */
  tools: RequestedTools;
  warn: (text: string) => void;
}

/**
 * One call of an answer, whose parts come in several events and more than once (rule 24.5). It starts for the client
 * once its name and its id are known. All methods throw UpstreamError if the answer has become too long.
 */
export class FunctionCall {
  readonly #begun: BegunCall;
  readonly #options: FunctionCallOptions;
  #id: string | null = null;
  #name: string | null = null;
  /** Name and id were passed on. */
  #isNamed = false;
  /** The arguments with which it was announced: they count if no others come. */
  #announced = "";
  /** Its whole arguments have come. */
  #isFull = false;
  #isOver = false;

  constructor(begun: BegunCall, options: FunctionCallOptions) {
    this.#begun = begun;
    this.#options = options;
  }

  /** Takes the item with which the call is announced. */
  announce(item: JsonObject): void {
    this.identify(item["call_id"], item["name"]);
    const text = argumentsText(item["arguments"]);
    this.#options.room.takeText(text);
    this.#announced = text;
  }

  /** Takes id and name, as far as they are told and were not known. */
  identify(callId: unknown, name: unknown): void {
    this.#id ??= nonEmptyString(callId) ?? null;
    this.#name ??= nonEmptyString(name) ?? null;
    if (this.#id !== null) this.#settle(false);
  }

  push(delta: unknown): void {
    const text = argumentsText(delta);
    if (text !== "") this.#begun.pushArguments(text);
  }

  /** Takes the whole arguments, and passes on what is missing; true if there are any. */
  fill(value: unknown): boolean {
    const text = argumentsText(value);
    if (text === "" || this.#isFull) return text !== "";
    this.#isFull = true;
    const { received } = this.#begun;
    if (received.isEmpty) this.#begun.pushArguments(text);
    else if (text.startsWith(received.text)) this.push(text.slice(received.length));
    else if (!this.#begun.replaceArguments(text))
      this.#options.warn("the whole arguments of a call differ from their pieces");
    return true;
  }

  /** Nothing follows. */
  complete(): void {
    this.#useAnnounced();
    this.#isOver = true;
    if (this.#isNamed) this.#begun.complete();
    else if (this.#id !== null) this.#settle(false);
  }

  /** The answer has ended: what has not come never will. */
  finish(): void {
    this.#useAnnounced();
    this.#settle(true);
  }

  #useAnnounced(): void {
    if (this.#begun.received.isEmpty) this.push(this.#announced);
    this.#announced = "";
  }

  /** Passes the name on, unless it stands for several calls and those are not known yet. */
  #settle(isAtEnd: boolean): void {
    if (this.#isNamed || this.#name === null) return;
    if (isParallel(this.#name, this.#options.tools)) {
      if (!this.#isOver && !isAtEnd) return;
      const calls = splitParallel(this.#begun.received.text, this.#id, this.#options.tools);
      if (calls !== null) {
        this.#isNamed = true;
        this.#begun.split(calls);
        return;
      }
    }
    this.#isNamed = true;
    this.#begun.push({ id: this.#id, name: this.#name, arguments: "", thoughtSignature: null });
    if (this.#isOver) this.#begun.complete();
  }
}
