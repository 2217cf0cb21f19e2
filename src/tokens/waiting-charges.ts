import type { ItemKey, KeyedItem } from "./count-memory.ts";
import type { RecalledParts } from "./part-counter.ts";

/** The upstream's charge for a request, and which parts of the request are counted. */
export interface Charge extends RecalledParts {
  model: string;
  promptTokens: number;
}

/** A waiting charge. It holds only the keys of its uncounted items, each as often as it occurs. */
export interface WaitingCharge {
  model: string;
  promptTokens: number;
  knownTokens: number;
  uncounted: readonly ItemKey[];
}

const bytesPerCharacter = 2;
const bytesPerKey = 8;
/** The size of a text or a charge besides its characters or keys. */
const bytesOfEntry = 128;

/** Charges whose requests are not counted yet, in the order of their answers, and the texts to count for them. */
export class WaitingCharges {
  #charges: WaitingCharge[] = [];
  #models = new Set<string>();
  /** A hundred answers of one conversation share nearly all their texts. */
  #texts = new Map<ItemKey, KeyedItem>();
  #bytes = 0;

  get size(): number {
    return this.#charges.length;
  }

  /** Upper bound for the bytes added since the texts were last taken. */
  get bytes(): number {
    return this.#bytes;
  }

  has(model: string): boolean {
    return this.#models.has(model);
  }

  add({ model, promptTokens, knownTokens, uncounted }: Charge): void {
    for (const keyed of uncounted) {
      if (this.#texts.has(keyed.key)) continue;
      this.#texts.set(keyed.key, keyed);
      this.#bytes += bytesOfEntry + bytesPerCharacter * keyed.item.content.length;
    }
    this.#bytes += bytesOfEntry + bytesPerKey * uncounted.length;
    this.#charges.push({ model, promptTokens, knownTokens, uncounted: uncounted.map(({ key }) => key) });
    this.#models.add(model);
  }

  /** Returns all texts to count, each once, and removes them. */
  takeTexts(): KeyedItem[] {
    const texts = [...this.#texts.values()];
    this.#texts = new Map();
    this.#bytes = 0;
    return texts;
  }

  /** Removes and returns the first `size` charges. */
  take(size: number): WaitingCharge[] {
    const taken = this.#charges.splice(0, size);
    this.#models = new Set(this.#charges.map(({ model }) => model));
    return taken;
  }
}
