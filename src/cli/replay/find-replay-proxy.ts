import type { LoadConfigOptions } from "../../config/load-config.ts";
import type { RecordReader } from "../../record/record-reader.ts";
import { askProxy, askProxyDetails, formatLocalUrl, type ProxyDetails } from "../ask-proxy.ts";
import { CommandError } from "../command-error.ts";
import { version } from "../version.ts";

/** The proxy through which a request is sent again. */
export interface ReplayProxy {
  /** Without a slash at the end. */
  readonly url: string;
  /** Those by which it knows us. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the proxy's record; null if it keeps none. */
  readonly reader: Pick<RecordReader, "find"> | null;
  close(): Promise<void>;
}

/**
 * Finds the proxy that runs with these settings.
 * @param reader reads what it records
 * @returns null if none answers
 * @throws ConfigError for faults of its address, CommandError if it does not know our key
 */
export async function findRunningProxy(
  options: LoadConfigOptions,
  reader: Pick<RecordReader, "find">,
): Promise<ReplayProxy | null> {
  const { loadAddress } = await import("../../config/load-address.ts");
  const address = await loadAddress(options);
  const url = formatLocalUrl(address);
  if ((await askProxy(url)) === null) return null;
  const key = address.proxyApiKey;
  const details = await askProxyDetails(url, key);
  if (details === null) {
    throw new CommandError(
      `The proxy at ${url} does not take the key of these settings.\n` +
        "Set PROXY_API_KEY to its own, or name its file: --config or --env-file",
      1,
    );
  }
  return { url, headers: keyHeaders(key, passesKeys(details)), reader, close: async () => {} };
}

/**
 * Starts a proxy of its own on a free port, which says nothing and records nothing.
 * @throws ConfigError if the settings do not allow a start
 */
export async function startReplayProxy(options: LoadConfigOptions): Promise<ReplayProxy> {
  const { loadConfigWithFile } = await import("../../config/load-config-with-file.ts");
  const { findClientKey, listUpstreams } = await import("../../config/list-upstreams.ts");
  const { createLogger } = await import("../../logging/logger.ts");
  const { startProxy } = await import("../../server/start-proxy.ts");
  const flags = { ...options.flags, HOST: "127.0.0.1", PORT: "0" };
  const loaded = await loadConfigWithFile({ ...options, flags });
  const { config, secrets } = loaded;
  const logger = createLogger({ level: "ERROR", logFilePath: null, secrets, writeConsole: () => {} });
  // Not by a flag: a file with caps wants the record, which a proxy of a minute does not need.
  const running = await startProxy({ config: { ...config, record: "off", shared: null }, logger, version });
  const key = findClientKey(loaded);
  const isOwnOnly = listUpstreams(config).some(({ passesClientKey }) => passesClientKey);
  return {
    url: running.url,
    headers: keyHeaders(key, isOwnOnly),
    reader: null,
    close: () => running.stopNow(),
  };
}

function passesKeys(details: ProxyDetails): boolean {
  return "upstreams" in details && details.upstreams.some((one) => one.passes_client_key);
}

/** A proxy that passes on the credential of its clients would send an upstream its own key if it came in the usual header. */
function keyHeaders(key: string | null, isOwnOnly: boolean): Record<string, string> {
  if (key === null) return {};
  return isOwnOnly ? { "x-claude-proxy-key": key } : { "x-api-key": key };
}
