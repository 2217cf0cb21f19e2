import { createSlot, type Slot } from "./call-slot.ts";

/** What a delta tells of the call it belongs to. */
export interface CallMark {
  index: number | null;
  id: string | null;
  name: string | null;
}

/** The calls of an answer in the order in which they began, and how a delta finds its own (rule 4.5). */
export class CallSlots {
  readonly all: Slot[] = [];
  readonly #byIndex = new Map<number, Slot>();
  readonly #byId = new Map<string, Slot>();

  /** The slot of a delta; null when it begins another call. */
  find({ index, id, name }: CallMark): Slot | null {
    const known = id === null ? undefined : this.#byId.get(id);
    if (index === null) return known ?? this.#findWithoutIndex(id, name);
    const slot = this.#byIndex.get(index);
    if (slot === undefined) return null;
    if (id !== null && slot.upstreamId !== null && id !== slot.upstreamId) {
      // Every call at index 0 (Gemini, Ollama): another id with a name begins another call.
      return known ?? (name === null ? slot : null);
    }
    const beginsAnother =
      name !== null && id === null && slot.name !== null && slot.arguments?.isComplete === true;
    return beginsAnother ? null : slot;
  }

  #findWithoutIndex(id: string | null, name: string | null): Slot | null {
    const last = this.all.at(-1);
    if (last === undefined || id !== null) return null;
    return name !== null && last.arguments?.isComplete === true ? null : last;
  }

  /** Begins another call. */
  create(index: number | null): Slot {
    const slot = createSlot();
    this.all.push(slot);
    if (index !== null) this.#byIndex.set(index, slot);
    return slot;
  }

  /** Forgets numbers and ids: what comes begins calls of its own. */
  beginAnew(): void {
    this.#byIndex.clear();
    this.#byId.clear();
  }

  /** Notes a call's id. The first one counts. */
  setId(slot: Slot, id: string): void {
    if (slot.upstreamId !== null) return;
    slot.upstreamId = id;
    if (!this.#byId.has(id)) this.#byId.set(id, slot);
  }
}
