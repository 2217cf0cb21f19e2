import { isIPv4 } from "./ip-version.ts";

/**
 * Whether the host can only mean this machine.
 * @param host a host name or address, IPv6 with or without brackets
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") {
    return true;
  }
  return isIPv4(name.replace(/^::ffff:/, "")) && name.replace(/^::ffff:/, "").startsWith("127.");
}
