import { isJsonObject } from "../../json/json-value.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";

/**
 * Eight million tokens: sixty times what a model can write in one answer, and small enough to be held a few times over.
 */
const mostCharacters = 32 * 1024 * 1024;

/** What each held item takes besides its text, in characters. A call is a slot, its filters and three events. */
const weights = { call: 1500, block: 500, entry: 100 };

/**
 * The room of one answer: everything in it takes its size from here before it is held anywhere. So however much an
 * upstream sends, and wherever it would be held, its memory has a limit.
 */
export class AnswerRoom {
  #rest = mostCharacters;

  /** Takes room for a text. Throws UpstreamError if the answer is too long, as the others do. */
  takeText(text: string): void {
    this.#take(text.length);
  }

  /** Takes room for a tool call, without its arguments. */
  takeCall(): void {
    this.#take(weights.call);
  }

  /** Takes room for a content block, without its text. */
  takeBlock(): void {
    this.#take(weights.block);
  }

  /** Takes room for a value that is kept unchanged. */
  takeValue(value: unknown): void {
    if (typeof value === "string") this.#take(value.length);
    else if (Array.isArray(value)) {
      this.#take(weights.entry);
      for (const entry of value) this.takeValue(entry);
    } else if (isJsonObject(value)) {
      this.#take(weights.entry);
      for (const member in value) {
        this.#take(member.length);
        this.takeValue(value[member]);
      }
    } else this.#take(1);
  }

  #take(characters: number): void {
    this.#rest -= characters;
    if (this.#rest >= 0) return;
    const message = `The upstream's answer is longer than ${mostCharacters} characters`;
    throw new UpstreamError("malformed", message, { phase: "body" });
  }
}
