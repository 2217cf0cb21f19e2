import type { SharedClients } from "../config/shared-clients.ts";

/** How it stands with what several instances share, for those who ask. */
export interface TeamState {
  /** The database: host, port and name. */
  readonly place: string;
  /** How many instances live, this one among them, as far as it is known. */
  readonly instances: number;
  /** Clients of the database that may ask. */
  readonly clients: number;
  /** Since when the database does not answer; null if it does. */
  readonly awaySince: Date | null;
  /** Why, and what to do; null if it does. */
  readonly fault: string | null;
}

/** What an instance shares with others, beside the record. */
export interface Team {
  /** The clients, as last known. */
  readonly shared: SharedClients;
  readonly state: TeamState;
  /** Settles once the clients are known, or after a short limit; null if there is nothing to wait for. */
  whenKnown(): Promise<void> | null;
  /** Tells the others that this instance lives, and where. */
  announce(address: string): void;
  /** Tells the others that it ends. Never rejects. */
  close(): Promise<void>;
}
