import type { ClientSettings } from "./file-config.ts";

/** What is known of the clients in a shared database. */
export interface SharedClients {
  /** Those that may ask now. */
  readonly clients: readonly ClientSettings[];
  /**
   * `unknown`: nobody has heard of it yet. `empty`: there never were any. `begun`: there were clients once, so that nobody
   * without a key is admitted any more.
   */
  readonly state: "unknown" | "empty" | "begun";
}

/** Before anything was heard of the database. */
export const unknownClients: SharedClients = { clients: [], state: "unknown" };
