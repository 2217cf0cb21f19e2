import type { Config } from "./config.ts";
import { digestKey } from "./digest-key.ts";
import type { ClientKey, ClientSettings } from "./file-config.ts";
import { secretsOfUrl } from "./secrets-of-url.ts";
import type { UpstreamSettings } from "./upstream-settings.ts";

/** The name of the only upstream when no configuration file names others. */
export const onlyUpstream = "upstream";

/** The client whose key is `PROXY_API_KEY`. */
export const defaultClient = "default";

type ClientSource = Pick<Config, "file" | "proxyApiKey" | "shared">;

/** The upstreams: those of the configuration file, or the one of the settings. */
export function listUpstreams(config: Config): readonly UpstreamSettings[] {
  return config.file === null ? [upstreamOf(config)] : [...config.file.upstreams.values()];
}

function upstreamOf(config: Config): UpstreamSettings {
  return {
    name: onlyUpstream,
    baseUrl: config.baseUrl,
    protocol: config.upstreamProtocol,
    addressProtocol: config.addressProtocol,
    profile: config.upstreamProfile,
    keys: config.openaiApiKey === "" ? [] : [config.openaiApiKey],
    passesClientKey: false,
    headers: {},
    body: {},
    connectSeconds: null,
    firstByteSeconds: config.upstreamFirstByteSeconds,
    idleSeconds: config.upstreamIdleSeconds,
    usualLimits: config.usualLimits,
    concurrency: null,
    httpProxy: null,
    ca: null,
    models: new Map(),
  };
}

/**
 * The clients that have keys, `PROXY_API_KEY` among them. One of these settings wins over a shared one of the same name.
 */
export function listClients(config: ClientSource): readonly ClientSettings[] {
  const own = listOwnClients(config);
  const shared = config.shared?.clients ?? [];
  if (shared.length === 0) return own;
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...shared.filter(({ name }) => !names.has(name))];
}

/** Those of the clients that these settings name, and not a shared database. */
export function listOwnClients({
  file,
  proxyApiKey,
}: Omit<ClientSource, "shared">): readonly ClientSettings[] {
  const named = file?.clients ?? [];
  if (proxyApiKey === null) return named;
  const unlimited = { usdPerDay: null, usdPerMonth: null, requestsPerMinute: null, models: null };
  // Whoever has it sees everything.
  return [{ name: defaultClient, keyDigest: digestKey(proxyApiKey), admin: true, ...unlimited }, ...named];
}

/** A key that a proxy with these settings takes: that of `PROXY_API_KEY`, or of a client; null if anybody may ask. */
export function findClientKey({
  config,
  clientKeys,
}: {
  config: Pick<Config, "proxyApiKey">;
  clientKeys: readonly ClientKey[];
}): string | null {
  return config.proxyApiKey ?? clientKeys[0]?.key ?? null;
}

/** Every key and other secret of the configuration. */
export function listSecrets({ file, openaiApiKey, proxyApiKey, baseUrl, record }: Config): string[] {
  const ofSettings = [openaiApiKey, proxyApiKey ?? "", ...secretsOfUrl(baseUrl), ...secretsOfUrl(record)];
  return [...ofSettings, ...(file?.secrets ?? [])].filter((secret) => secret !== "");
}

/** Where an upstream is, as what is learned of it names it: host, port and path of its base URL, without credentials and query. */
export function upstreamAddress(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname.replace(/\/$/, "")}`;
}
