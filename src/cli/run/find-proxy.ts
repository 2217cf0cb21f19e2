import type { Address } from "../../config/load-address.ts";
import type { LoadConfigOptions } from "../../config/load-config.ts";
import type { LaunchProxy } from "../../launch/launch-subject.ts";
import { ownHeader } from "../../launch/own-header.ts";
import { askProxy, askProxyDetails, formatLocalUrl, type ProxyDetails } from "../ask-proxy.ts";
import { CommandError } from "../command-error.ts";
import { selectClientKey } from "../dashboard/select-client-key.ts";
import { askModels, type KnownProxy } from "./ask-models.ts";
import { startOwnProxy } from "./start-own-proxy.ts";

/** The proxy that the client is started for. */
export interface FoundProxy extends LaunchProxy, KnownProxy {
  readonly details: ProxyDetails;
  /** Ends it if it is our own. */
  close(): Promise<void>;
}

export interface ProxySearch extends LoadConfigOptions {
  /** The client of the configuration file by whose key the proxy is asked; undefined for the only one. */
  readonly client?: string;
}

/**
 * Finds the proxy that runs with these settings.
 * @returns null if none answers
 * @throws ConfigError for faults of its address, CommandError if it does not know our key
 */
export async function findProxy(search: ProxySearch): Promise<FoundProxy | null> {
  const { loadAddress } = await import("../../config/load-address.ts");
  const address = await loadAddress(search);
  const url = formatLocalUrl(address);
  if ((await askProxy(url)) === null) return null;
  return describeProxy(url, selectKey(address, search), async () => {});
}

/**
 * Starts a proxy of our own on a free port of this machine, whose log goes to its file only.
 * @throws ConfigError if the settings do not allow a start
 */
export async function openOwnProxy(search: ProxySearch): Promise<FoundProxy> {
  const { loadAddress } = await import("../../config/load-address.ts");
  const clientKey = selectKey(await loadAddress(search), search);
  const own = await startOwnProxy(search);
  try {
    return await describeProxy(own.url, clientKey, own.close);
  } catch (error) {
    await own.close();
    throw error;
  }
}

function selectKey(address: Address, { client }: ProxySearch): string | null {
  return selectClientKey(address, client, "For which client is Claude Code? Add: --client NAME");
}

async function describeProxy(
  url: string,
  clientKey: string | null,
  close: () => Promise<void>,
): Promise<FoundProxy> {
  const headers: Record<string, string> =
    clientKey === null ? {} : { "x-api-key": clientKey, [ownHeader]: clientKey };
  const [details, models] = await Promise.all([askProxyDetails(url, clientKey), askModels({ url, headers })]);
  if (details === null || models === null) {
    throw new CommandError(
      `The proxy at ${url} does not take the key of these settings.\n` +
        "Set PROXY_API_KEY to its own, or name its file: --config or --env-file",
      1,
    );
  }
  const passesLogin = "upstreams" in details && details.upstreams.some((one) => one.passes_client_key);
  return { url, clientKey, headers, passesLogin, models, details, close };
}
