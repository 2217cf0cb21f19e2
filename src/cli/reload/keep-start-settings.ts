import type { Config } from "../../config/config.ts";
import { isLoopbackHost } from "../../config/is-loopback-host.ts";
import { listClients } from "../../config/list-upstreams.ts";

/** The settings that a running server cannot change, by their names in the file. */
const startSettings = {
  host: "host",
  port: "port",
  logLevel: "log_level",
  logFilePath: "log_file_path",
  maxConcurrentRequests: "max_concurrent_requests",
  drainDelaySeconds: "drain_delay_seconds",
  drainSeconds: "drain_seconds",
  record: "record",
  recordBodies: "record_bodies",
  recordDays: "record_days",
  recordMb: "record_mb",
} as const satisfies Partial<Record<keyof Config, string>>;

export interface KeptSettings {
  /** The new configuration, with what the server was started with in the place of what it cannot change. */
  readonly config: Config;
  /** The names of those that differ: they count from the next start on. */
  readonly waiting: readonly string[];
}

/**
 * Lays what cannot change while the server runs over a configuration that was read anew.
 * @param started the configuration of the start
 */
export function keepStartSettings(started: Config, config: Config): KeptSettings {
  const { host, port, logLevel, logFilePath, maxConcurrentRequests } = started;
  const { drainDelaySeconds, drainSeconds } = started;
  const { record, recordBodies, recordDays, recordMb } = started;
  const ofRecord = { record, recordBodies, recordDays, recordMb };
  const kept = {
    host,
    port,
    logLevel,
    logFilePath,
    maxConcurrentRequests,
    drainDelaySeconds,
    drainSeconds,
    ...ofRecord,
  };
  const waiting = Object.entries(startSettings).flatMap(([member, name]) =>
    Reflect.get(config, member) === Reflect.get(kept, member) ? [] : [name],
  );
  return { config: Object.freeze({ ...config, ...kept, shared: started.shared }), waiting };
}

/**
 * Why the configuration may not come into force in a server that listens where it was started to, or null. A changed
 * host does not move the server: without clients everybody who reaches it could use the keys.
 * @param config from `keepStartSettings`
 */
export function findExposure(config: Config): string | null {
  if (isLoopbackHost(config.host) || config.shared !== null || listClients(config).length > 0) return null;
  return (
    `clients: the proxy listens on ${config.host}, where others can reach it, so it needs a client with a key ` +
    "until it is started again. Name one in clients, or stop it and start it with host: 127.0.0.1."
  );
}
