import type { Config } from "../../config/config.ts";
import type { ClientSettings } from "../../config/file-config.ts";
import { isLoopbackHost } from "../../config/is-loopback-host.ts";
import { listClients, listUpstreams } from "../../config/list-upstreams.ts";
import { createKeyFinder } from "./key-finder.ts";

/** Gives a header of a request by its name in lower case. */
type HeaderReader = (name: string) => string | undefined;

/** Who may ask, as one configuration says. */
export interface ClientCheck {
  /** The client whose key a request has; null if it has none that is known. */
  find(readHeader: HeaderReader): ClientSettings | null;
  /** Whether this is the key of a client, in whichever header it came. */
  isKey(text: string): boolean;
  /** Tells a caller without a known key what to set. */
  readonly refusal: string;
  /** The clients of a shared database are not known yet: a key may turn out to be one of theirs. */
  readonly isWaiting: boolean;
  /** The clients have names, so lines and records show which one asked. */
  readonly hasNames: boolean;
}

/** The header of the proxy's own keys: it leaves the usual ones to a credential that is passed on. */
const ownHeader = "x-claude-proxy-key";

const refusals = {
  one: "claude-proxy: wrong or missing client key. Set ANTHROPIC_AUTH_TOKEN to the proxy's PROXY_API_KEY.",
  named:
    "claude-proxy: wrong or missing client key. Set ANTHROPIC_AUTH_TOKEN to the key of one of the proxy's clients.",
  own:
    `claude-proxy: wrong or missing client key. Set ANTHROPIC_CUSTOM_HEADERS to "${ownHeader}: KEY", with your key. ` +
    "The other headers are left to your own credential, which is passed on to an upstream.",
  none: "claude-proxy: nobody may ask yet, as it has no client. Its administrator adds one with: claude-proxy clients add NAME",
} as const;

/**
 * Creates the check of a configuration; null if anybody may ask. A key is taken from `x-api-key` or a bearer token. With
 * a configuration file it is also taken from `x-claude-proxy-key`, and from there alone if an upstream gets the client's
 * own credential.
 */
export function createClientCheck(config: Config): ClientCheck | null {
  const clients = listClients(config);
  if (clients.length === 0 && admitsAnybody(config)) return null;
  const isOwnOnly = listUpstreams(config).some(({ passesClientKey }) => passesClientKey);
  const hasNames = config.shared !== null || (config.file?.clients ?? []).length > 0;
  const find = createKeyFinder(clients);
  return {
    find: (readHeader) => find(readKeys(readHeader, { hasFile: config.file !== null, isOwnOnly })),
    isKey: (text) => find([text]) !== null,
    refusal: refusals[clients.length === 0 ? "none" : isOwnOnly ? "own" : hasNames ? "named" : "one"],
    isWaiting: config.shared?.state === "unknown",
    hasNames,
  };
}

/** Clients may come from a shared database later, or have been there: then an open door would be a surprise. */
function admitsAnybody({ host, shared }: Config): boolean {
  return shared === null || (isLoopbackHost(host) && shared.state !== "begun");
}

function readKeys(readHeader: HeaderReader, how: { hasFile: boolean; isOwnOnly: boolean }): string[] {
  const bearer = () => /^Bearer +(.+)$/i.exec(readHeader("authorization") ?? "")?.[1];
  const keys = [
    how.hasFile ? readHeader(ownHeader) : undefined,
    how.isOwnOnly ? undefined : readHeader("x-api-key"),
    how.isOwnOnly ? undefined : bearer(),
  ];
  return keys.filter((key) => key !== undefined);
}
