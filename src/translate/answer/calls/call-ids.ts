const clientIdForm = /^[A-Za-z0-9_-]{1,64}$/;

/** The ids of an answer's calls for the client: none occurs twice in a conversation (rule 3.5). */
export class CallIds {
  readonly #usedIds: ReadonlySet<string>;
  readonly #newId: () => string;
  readonly #givenIds = new Set<string>();

  constructor(usedIds: ReadonlySet<string>, newId: () => string) {
    this.#usedIds = usedIds;
    this.#newId = newId;
  }

  /** The upstream's id if the client can take it and it is new to the conversation, else a new one. */
  give(upstreamId: string | null): string {
    const isUsable =
      upstreamId !== null &&
      clientIdForm.test(upstreamId) &&
      !this.#usedIds.has(upstreamId) &&
      !this.#givenIds.has(upstreamId);
    const id = isUsable ? upstreamId : this.#newId();
    this.#givenIds.add(id);
    return id;
  }
}
