import type { Config } from "../config/config.ts";
import type { Relay } from "../relay/relay.ts";
import type { ClientCheck } from "./clients/client-check.ts";

/** A configuration, and what was made from it. A request keeps the one that was in force when it came. */
export interface Setup {
  readonly config: Config;
  /** Creates the relay, with the first call; rejects for a configuration that cannot be carried out. */
  readonly loadRelay: () => Promise<Relay>;
  /** Null admits everybody. */
  readonly clientCheck: ClientCheck | null;
}
