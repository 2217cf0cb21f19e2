import type { ItemKey, KeyedItem } from "./count-memory.ts";
import type { RecalledParts } from "./part-counter.ts";

/** What the upstream charged for a request, and how far the request is counted. */
export interface Charge extends RecalledParts {
  model: string;
  promptTokens: number;
}

/** A charge that waits: of what is not counted the keys only, each as often as it comes. */
export interface WaitingCharge {
  model: string;
  promptTokens: number;
  knownTokens: number;
  uncounted: readonly ItemKey[];
}

const bytesPerCharacter = 2;
const bytesPerKey = 8;
/** What a text or a charge takes beside its characters or keys. */
const bytesOfEntry = 128;

/** Charges whose requests are not counted, in the order of their answers, and the texts to be counted for them. */
export class WaitingCharges {
  #charges: WaitingCharge[] = [];
  #models = new Set<string>();
  /** A hundred answers of one conversation share nearly all of theirs. */
  #texts = new Map<ItemKey, KeyedItem>();
  #bytes = 0;

  get size(): number {
    return this.#charges.length;
  }

  /** What was added since the texts were taken holds at most so many bytes. */
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

  /** All texts to be counted, each once; they are not kept any longer. */
  takeTexts(): KeyedItem[] {
    const texts = [...this.#texts.values()];
    this.#texts = new Map();
    this.#bytes = 0;
    return texts;
  }

  /** The first `size` charges, which wait no longer. */
  take(size: number): WaitingCharge[] {
    const taken = this.#charges.splice(0, size);
    this.#models = new Set(this.#charges.map(({ model }) => model));
    return taken;
  }
}
