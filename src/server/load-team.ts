import type { Config } from "../config/config.ts";
import { listOwnClients } from "../config/list-upstreams.ts";
import { isSharedRecord } from "../config/record-place.ts";
import type { Logger } from "../logging/logger.ts";
import type { Team } from "../team/team.ts";
import type { LateRelays } from "./late-relays.ts";

export interface TeamParts {
  /** By which the others know this instance. */
  readonly instanceId: string;
  readonly version: string;
  readonly logger: Pick<Logger, "warn">;
  readonly relays: Pick<LateRelays, "adoptFactors">;
  /** What these settings say now. */
  readonly current: () => Config;
  /** Brings the clients that are known now into force. */
  readonly applyClients: () => Promise<void>;
}

/** Loads what several instances share; null, and nothing is loaded, without a shared record. */
export async function loadTeam(config: Config, parts: TeamParts): Promise<Team | null> {
  const { record, stateFolder } = config;
  if (!isSharedRecord(record)) return null;
  const { startTeam } = await import("../team/start-team.ts");
  const { instanceId: id, version, logger, relays, current, applyClients } = parts;
  return startTeam({
    url: record,
    id,
    version,
    stateFolder,
    applyClients,
    listOwnClients: () => listOwnClients(current()),
    adoptFactors: relays.adoptFactors,
    warn: (message, fields) => logger.warn(message, fields),
  });
}
