import type { AnswerDecoder, DecodedItem } from "./answer-decoder.ts";

/** Gathers the decoded items of one answer up to its end, and knows when that has come. Nothing is added behind it. */
export class AnswerItems<Item> {
  readonly #decoder: Pick<AnswerDecoder<Item>, "hasUsage" | "keepUsage">;
  #items: DecodedItem<Item>[] = [];
  #isOver = false;
  #hasSeenUsage = false;
  #awaitsUsage = false;

  constructor(decoder: Pick<AnswerDecoder<Item>, "hasUsage" | "keepUsage">) {
    this.#decoder = decoder;
  }

  /** The end has come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The mark of the end has come, but no usage yet: of what is added, nothing but usage is kept. */
  get awaitsUsage(): boolean {
    return this.#awaitsUsage;
  }

  add(item: DecodedItem<Item> | null): void {
    if (item === null || this.#isOver) return;
    if (this.#awaitsUsage) {
      if (item.kind === "item" && this.#decoder.hasUsage(item.item)) {
        this.end({ kind: "item", item: this.#decoder.keepUsage(item.item) });
      }
      return;
    }
    if (item.kind === "item") {
      if (item.isLast === true) {
        this.end(item);
        return;
      }
      this.#hasSeenUsage ||= this.#decoder.hasUsage(item.item);
    } else if (item.kind === "done" && !this.#hasSeenUsage) {
      this.#awaitsUsage = true;
      return;
    } else this.#isOver = true;
    this.#items.push(item);
  }

  /** Ends the answer, behind the items that are given. */
  end(...last: DecodedItem<Item>[]): void {
    this.#awaitsUsage = false;
    this.#isOver = true;
    this.#items.push(...last, { kind: "done" });
  }

  /** The items that were added since the last call, in order. */
  takeAll(): readonly DecodedItem<Item>[] {
    const taken = this.#items;
    this.#items = [];
    return taken;
  }
}
