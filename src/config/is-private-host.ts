import { isIPv4, isIPv6 } from "./ip-version.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";

/** Endings that no server on the open internet has: RFC 6762, RFC 8375, ICANN's `.internal`, and those of routers. */
const privateEnding = /\.(?:local|internal|home\.arpa|localdomain|lan|home|intranet)$/;

/** RFC 1918, link-local, and the range that carriers and overlay networks such as Tailscale assign. */
const privateIPv4 =
  /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

/** Unique local and link-local addresses. */
const privateIPv6 = /^(?:f[cd][\da-f]{2}|fe[89ab][\da-f]):/;

/**
 * Whether the host is a private server, which mostly requires no key: this machine, a container, a name or an address
 * of the local network.
 * @param host a host name or address, IPv6 with or without brackets
 */
export function isPrivateHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
  if (isThisMachine(name)) return true;
  if (isIPv4(name)) return privateIPv4.test(name);
  if (isIPv6(name)) return privateIPv6.test(name);
  return !name.includes(".") || privateEnding.test(name);
}

/**
 * Whether requests to the host stay on this machine: loopback, the address that stands for all local ones, and the
 * names by which a container reaches the machine it runs on.
 */
export function isThisMachine(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return isLoopbackHost(name) || ownNames.has(name);
}

const ownNames = new Set(["0.0.0.0", "::", "host.docker.internal", "host.containers.internal"]);
