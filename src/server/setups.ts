import type { Config } from "../config/config.ts";
import { createClientCheck } from "./clients/client-check.ts";
import type { LateRelays } from "./late-relays.ts";
import type { Setup } from "./setup.ts";

/** What is in force, one configuration after the other. */
export interface Setups {
  current(): Setup;
  /** Loads what the first request would otherwise wait for. */
  prepare(): Promise<void>;
  /** Brings another configuration into force. Rejects, and changes nothing, for one that cannot be carried out. */
  replace(config: Config): Promise<void>;
}

/** Begins with this configuration. Nothing of its relay is loaded yet. */
export function createSetups(relays: LateRelays, first: Config): Setups {
  const create = (config: Config): Setup => ({
    config,
    loadRelay: relays.configure(config),
    clientCheck: createClientCheck(config),
  });
  let setup = create(first);
  return {
    current: () => setup,
    async prepare() {
      await setup.loadRelay();
      await relays.prepare();
    },
    async replace(config) {
      const next = create(config);
      // One after the other: the next relay takes over the links of the one before.
      await setup.loadRelay();
      await next.loadRelay();
      await relays.prepare();
      setup = next;
    },
  };
}
