import { isJsonObject } from "../../json/json-value.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";

/** Eight million tokens: sixty times what a model can say in one answer, and little enough to be held a few times over. */
const mostCharacters = 32 * 1024 * 1024;

/** What a thing that is kept takes beside its text, in characters. A call is a slot, its filters and three events. */
const weights = { call: 1500, block: 500, entry: 100 };

/**
 * The room of one answer: all that comes of it is taken from here, before it is held anywhere. So whatever an upstream
 * sends without an end, and wherever that would wait, the memory for it has a limit.
 */
export class AnswerRoom {
  #rest = mostCharacters;

  /** Takes room for a text. Throws UpstreamError when the answer is too long, as the others do. */
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

  /** Takes room for a value that is kept as it came. */
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
