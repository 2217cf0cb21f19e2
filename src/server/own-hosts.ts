import { isLoopbackHost } from "../config/is-loopback-host.ts";

/**
 * The accepted values of `Host` for a server on loopback. Empty, which accepts any, for a server that others reach by
 * its own name.
 */
export function ownHosts(host: string, port: number): string[] {
  if (!isLoopbackHost(host)) return [];
  const names = [...new Set([urlHost(host), "127.0.0.1", "localhost", "[::1]"])];
  return names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
}

/** A host as written in a URL. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
