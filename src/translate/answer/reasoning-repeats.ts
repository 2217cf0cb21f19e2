import type { ReasoningTraits } from "../../profiles/model-traits.ts";
import { GatheredText } from "./gathered-text.ts";

/** How a family repeats its reasoning (rule 3.3). */
export type RepetitionTraits = Pick<ReasoningTraits, "sendsSnapshots" | "repeatsTexts">;

/** Removes repetitions from the reasoning of families that send parts of it twice. */
export class ReasoningRepeats {
  readonly #traits: RepetitionTraits;
  /** All text since the last carrier, if a snapshot may repeat it; else nothing. */
  readonly #text = new GatheredText();
  #lastText = "";

  constructor(traits: RepetitionTraits) {
    this.#traits = traits;
  }

  /** Returns the new part of a text. */
  takeNew(text: string): string {
    if (text === "") return "";
    const fresh = this.#withoutRepetition(text);
    if (this.#traits.sendsSnapshots) this.#text.add(fresh);
    this.#lastText = text;
    return fresh;
  }

  /** Snapshots start anew after a carrier. */
  beginAnew(): void {
    this.#text.take();
  }

  #withoutRepetition(text: string): string {
    if (this.#traits.sendsSnapshots && isSnapshot(text, this.#text)) {
      return text.slice(this.#text.length);
    }
    return this.#traits.repeatsTexts && text === this.#lastText ? "" : text;
  }
}

/**
 * Whether a text repeats all text so far. Compares the lengths first, because otherwise a long text would be joined for
 * every piece.
 */
export function isSnapshot(text: string, soFar: GatheredText): boolean {
  return !soFar.isEmpty && text.length >= soFar.length && text.startsWith(soFar.text);
}
