import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { checkSetting, readSetting } from "./config-schema.ts";
import type { ClientKey } from "./file-config.ts";
import { collectTexts, findOutsideProblems, type LoadConfigOptions, startLoading } from "./load-config.ts";
import { findFileLayer } from "./load-config-with-file.ts";
import { describeProblem } from "./parse-settings.ts";
import { isSharedRecord } from "./record-place.ts";

/** Where a proxy with these settings listens, and a key with which it answers: that of a client, if it has any. */
export interface Address extends Pick<Config, "host" | "port" | "proxyApiKey"> {
  /** Whether the key is that of `PROXY_API_KEY`. */
  readonly hasOwnKey: boolean;
  /** The clients of the configuration file, with their keys. */
  readonly clients: readonly ClientKey[];
  /** Whether there may be clients of a shared record, whose keys nobody here knows. */
  readonly hasSharedRecord: boolean;
}

const names = ["HOST", "PORT", "PROXY_API_KEY"] as const;

/**
 * Reads the settings needed to call a running proxy, from the same places as `loadConfig`. Nothing else need be set:
 * the caller may use another terminal than the one that serves.
 * @throws ConfigError with a line for every fault of these settings
 */
export async function loadAddress(options: LoadConfigOptions = {}): Promise<Address> {
  const start = startLoading(options);
  const { place, envFile, usualPath } = start;
  const layer = await findFileLayer(start);
  const found = collectTexts(options, place.env, envFile, layer);
  const problems = [...findOutsideProblems(options, place, envFile), ...(layer?.addressProblems ?? [])];
  for (const name of names) {
    const checked = checkSetting(name, found[name]?.text);
    if ("fault" in checked) problems.push(describeProblem(name, checked.fault, found));
  }
  const host = readSetting("HOST", found.HOST?.text);
  const port = readSetting("PORT", found.PORT?.text);
  const proxyApiKey = readSetting("PROXY_API_KEY", found.PROXY_API_KEY?.text);
  if (host === null || port === null || problems.length > 0) {
    throw new ConfigError(
      problems,
      `Settings are read from flags, the environment, and ${layer?.path ?? envFile?.path ?? usualPath}`,
    );
  }
  const clients = layer?.clientKeys ?? [];
  return {
    host,
    port,
    proxyApiKey: proxyApiKey ?? clients[0]?.key ?? null,
    hasOwnKey: proxyApiKey != null,
    clients,
    hasSharedRecord: isSharedRecord(readSetting("RECORD", found.RECORD?.text) ?? "on"),
  };
}
