import type { Config } from "../config/config.ts";
import type { Team } from "../team/team.ts";
import { type Configurations, createConfigurations, withClients } from "./configurations.ts";
import type { LateRelays } from "./late-relays.ts";
import { loadTeam, type TeamParts } from "./load-team.ts";
import { createSetups, type Setups } from "./setups.ts";

export interface LoadedSetups {
  readonly setups: Setups;
  /** Null without a shared record. */
  readonly team: Team | null;
  /** Brings another configuration into force. Rejects, and changes nothing, for one that cannot be carried out. */
  readonly reconfigure: Configurations["replace"];
}

/**
 * Loads what is in force first, and what changes it: an edit of the file, and the clients of a shared database.
 * @param parts.prepare is told of each configuration before it comes into force
 */
export async function loadSetups(
  first: Config,
  parts: Pick<TeamParts, "version" | "instanceId" | "logger"> & {
    readonly relays: LateRelays;
    readonly prepare: (config: Config) => Promise<void>;
  },
): Promise<LoadedSetups> {
  const configurations = createConfigurations(
    first,
    () => team?.shared ?? null,
    async (config) => {
      await parts.prepare(config);
      await setups.replace(config);
    },
  );
  const team = await loadTeam(first, {
    ...parts,
    current: () => configurations.own,
    applyClients: configurations.renewClients,
  });
  const known = withClients(first, team?.shared ?? null);
  // Those that were last known have their caps also as long as the database is away.
  if (team !== null) await parts.prepare(known);
  const setups = createSetups(parts.relays, known);
  return { setups, team, reconfigure: configurations.replace };
}
