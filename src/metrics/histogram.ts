import type { Sample } from "./format-exposition.ts";

/** Counts values by fixed bounds. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** Those up to each bound, and above the bound before; the last one: those above all. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** `bounds`: upper ones, from low to high. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  add(value: number): void {
    const bounds = this.#bounds;
    let place = 0;
    while (place < bounds.length && value > (bounds[place] ?? 0)) place += 1;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sum += value;
  }

  /** Its lines; none while nothing was counted. */
  list(labels: Readonly<Record<string, string>>): Sample[] {
    let total = 0;
    const buckets = Array.from(this.#counts, (count, place): Sample => {
      total += count;
      const le = this.#bounds[place];
      return {
        suffix: "_bucket",
        labels: { ...labels, le: le === undefined ? "+Inf" : String(le) },
        value: total,
      };
    });
    if (total === 0) return [];
    return [
      ...buckets,
      { suffix: "_sum", labels, value: this.#sum },
      { suffix: "_count", labels, value: total },
    ];
  }
}
