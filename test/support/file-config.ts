import { digestKey } from "../../src/config/digest-key.ts";
import type {
  CaseRule,
  ClientKey,
  ClientSettings,
  FileConfig,
  Target,
} from "../../src/config/file-config.ts";
import type { UpstreamSettings } from "../../src/config/upstream-settings.ts";

/** What a test says of a configuration file; targets as the file has them: `upstream/model`. */
export interface FileParts extends Partial<Pick<FileConfig, "path" | "models" | "secrets">> {
  /** At least one. */
  readonly upstreams: readonly UpstreamSettings[];
  /** The targets by what is asked for. */
  readonly routes?: Readonly<Record<string, string | readonly string[]>>;
  readonly cases?: readonly { when: CaseRule["when"]; to: string | readonly string[] }[];
  readonly clients?: readonly (ClientSettings & Partial<ClientKey>)[];
}

/** The configuration of a file with these parts; every key in it is a secret. */
export function createFileConfig(parts: FileParts): FileConfig {
  const { upstreams, routes = {}, cases = [], clients = [], models = new Map(), secrets = [] } = parts;
  const keys = [...upstreams.flatMap((upstream) => upstream.keys), ...clients.flatMap(({ key = [] }) => key)];
  return {
    path: parts.path ?? "/home/me/.config/claude-proxy/config.yaml",
    upstreams: new Map(upstreams.map((upstream) => [upstream.name, upstream])),
    routes: Object.entries(routes).map(([asked, to], index) => ({
      asked,
      targets: targetsOf(to),
      line: index + 1,
    })),
    cases: cases.map(({ when, to }, index) => ({ when, targets: targetsOf(to), line: index + 1 })),
    models,
    clients,
    secrets: [...keys, ...secrets],
  };
}

/** An upstream with one key and the usual settings. */
export function upstreamSettings(
  name: string,
  baseUrl: string,
  changes: Partial<UpstreamSettings> = {},
): UpstreamSettings {
  return {
    name,
    baseUrl,
    protocol: "auto",
    addressProtocol: null,
    profile: "generic",
    keys: [`sk-${name}-upstream-key`],
    passesClientKey: false,
    headers: {},
    body: {},
    connectSeconds: null,
    firstByteSeconds: 360,
    idleSeconds: 360,
    usualLimits: { firstByte: true, idle: true },
    concurrency: null,
    httpProxy: null,
    ca: null,
    models: new Map(),
    ...changes,
  };
}

/** A client without limits whose key is `NAME-client-key`. */
export function clientSettings(
  name: string,
  { key = `${name}-client-key`, ...changes }: Partial<ClientSettings & ClientKey> = {},
): ClientSettings & ClientKey {
  const unlimited = { usdPerDay: null, usdPerMonth: null, requestsPerMinute: null, models: null };
  return { name, key, keyDigest: digestKey(key), admin: false, ...unlimited, ...changes };
}

function targetsOf(to: string | readonly string[]): Target[] {
  return [to].flat().map((target) => {
    const slash = target.indexOf("/");
    return { upstream: target.slice(0, slash), model: target.slice(slash + 1) };
  });
}
