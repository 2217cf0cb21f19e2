import type { ClientSettings, FileTier, ModelFacts } from "../config/file-config.ts";

/** A model that clients may ask for, and where a request for it goes first. */
export interface OfferedModel {
  readonly id: string;
  /** What people read. */
  readonly name: string;
  /** The tier that the id stands for; null for an id of its own. */
  readonly tier: FileTier | null;
  /** What is known of the first target; its window and its longest answer as requests are measured by. */
  readonly facts: ModelFacts;
}

/**
 * Lists the models that a client may ask for; null stands for everybody where clients need no key. What upstreams are
 * asked for that is waited for, a second and a half at most.
 */
export type ModelOffer = (client: ClientSettings | null) => Promise<readonly OfferedModel[]>;
