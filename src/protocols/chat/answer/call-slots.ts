import type { BegunCall } from "../../../translate/answer/calls/call-slot.ts";

/** The members of a delta that identify its call. */
export interface CallMark {
  index: number | null;
  id: string | null;
  name: string | null;
}

/** Finds the call of a delta among those that have begun (rule 4.5). */
export class CallSlots {
  readonly #byIndex = new Map<number, BegunCall>();
  readonly #byId = new Map<string, BegunCall>();
  #last: BegunCall | null = null;

  /** The call of a delta; null if the delta begins a new one. */
  find({ index, id, name }: CallMark): BegunCall | null {
    const known = id === null ? undefined : this.#byId.get(id);
    if (index === null) return known ?? this.#findWithoutIndex(id, name);
    const call = this.#byIndex.get(index);
    if (call === undefined) return null;
    if (id !== null && call.upstreamId !== null && id !== call.upstreamId) {
      // Gemini and Ollama send every call at index 0: another id with a name begins another call.
      return known ?? (name === null ? call : null);
    }
    const beginsAnother = name !== null && id === null && call.name !== null && call.isComplete;
    return beginsAnother ? null : call;
  }

  #findWithoutIndex(id: string | null, name: string | null): BegunCall | null {
    const last = this.#last;
    if (last === null || id !== null) return null;
    return name !== null && last.isComplete ? null : last;
  }

  /** Adds a call that begins. */
  add(call: BegunCall, index: number | null): void {
    this.#last = call;
    if (index !== null) this.#byIndex.set(index, call);
  }

  /** Records an id that a call is about to get. The first one counts. */
  noteId(call: BegunCall, id: string): void {
    if (call.upstreamId === null && !this.#byId.has(id)) this.#byId.set(id, call);
  }

  /** Drops all numbers and ids: later deltas begin new calls. */
  beginAnew(): void {
    this.#byIndex.clear();
    this.#byId.clear();
  }
}
