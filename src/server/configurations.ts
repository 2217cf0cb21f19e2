import type { Config } from "../config/config.ts";
import type { SharedClients } from "../config/shared-clients.ts";

/** Brings one configuration after the other into force, each with the shared clients of its time. */
export interface Configurations {
  /** What the settings say, without the shared clients. */
  readonly own: Config;
  /** Rejects, and changes nothing, for a configuration that cannot be carried out. */
  replace(config: Config): Promise<void>;
  /** Brings the shared clients that are known now into force. */
  renewClients(): Promise<void>;
}

/**
 * Creates what follows the first configuration, which is in force already.
 * @param findShared the shared clients that are known now; null without a shared record
 * @param apply rejects, and changes nothing, for a configuration that cannot be carried out
 */
export function createConfigurations(
  first: Config,
  findShared: () => SharedClients | null,
  apply: (config: Config) => Promise<void>,
): Configurations {
  let own = first;
  let working: Promise<void> = Promise.resolve();
  /** One after the other: an edit of the file and a change of the clients may come at the same time. */
  const enqueue = (step: () => Promise<void>): Promise<void> => {
    const done = working.then(step);
    working = done.catch(() => undefined);
    return done;
  };
  const bring = async (config: Config): Promise<void> => {
    await apply(withClients(config, findShared()));
    own = config;
  };
  return {
    get own() {
      return own;
    },
    replace: (config) => enqueue(() => bring(config)),
    renewClients: () => enqueue(() => bring(own)),
  };
}

/** The configuration with these shared clients; the same without a shared record. */
export function withClients(config: Config, shared: SharedClients | null): Config {
  return shared === null ? config : Object.freeze({ ...config, shared });
}
