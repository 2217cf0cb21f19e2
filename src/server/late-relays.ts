import type { Config } from "../config/config.ts";
import type { RelayHost, RelayOptions } from "../relay/create-relay.ts";
import type { Relay } from "../relay/relay.ts";

/** The relays of a server, whose code is half of the program's and is not loaded before somebody needs it. */
export interface LateRelays extends Omit<RelayHost, "configure" | "adoptFactors"> {
  /** Gives what creates the relay for a configuration: at its first call, and the same at all others once that has worked. */
  configure(config: Config): () => Promise<Relay>;
  /** Takes over what others have learned about token counts; false as long as nothing is loaded. */
  adoptFactors(factors: ReadonlyMap<string, number>): boolean;
}

/** Creates the place of the relays; loads nothing yet. */
export function createLateRelays(options: RelayOptions): LateRelays {
  let host: RelayHost | null = null;
  let loading: Promise<RelayHost> | null = null;
  const load = async () => {
    const { createRelayHost } = await import("../relay/create-relay.ts");
    host = createRelayHost(options);
    return host;
  };
  const loadOnce = () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  return {
    configure(config) {
      let relay: Promise<Relay> | null = null;
      return () => {
        relay ??= loadOnce()
          .then((loaded) => loaded.configure(config))
          .catch((error: unknown) => {
            // A disk or a limit may have been in the way: whoever asks next tries again.
            relay = null;
            throw error;
          });
        return relay;
      };
    },
    prepare: async () => (await loadOnce()).prepare(),
    describeHealth: () => host?.describeHealth() ?? [],
    adoptFactors(factors) {
      host?.adoptFactors(factors);
      return host !== null;
    },
    giveUpCalls: () => host?.giveUpCalls(),
    waitForLastCall: async () => host?.waitForLastCall(),
    async close() {
      // What cannot be loaded has nothing to save; whoever asked for it has been told.
      if (loading !== null) await (await loading.catch(() => null))?.close();
    },
  };
}
