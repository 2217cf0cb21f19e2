import { usesHttpProxy } from "./find-http-proxy.ts";
import type { Environment } from "./locate-folders.ts";

/** A variable that must name a host so that it is not reached through an HTTP proxy. */
export interface NoProxyVariable {
  readonly name: "NO_PROXY" | "no_proxy";
  /** Whether it already names others. */
  readonly isSet: boolean;
}

/**
 * The variable that must name `host`: Claude Code sends even requests for this machine through the HTTP proxy in its
 * environment, which cannot reach this machine's own addresses.
 * @returns null if there is no HTTP proxy, or if the host is named
 */
export function findMissingNoProxy(host: string, env: Environment = process.env): NoProxyVariable | null {
  if (!usesHttpProxy(env)) return null;
  const name = (env["no_proxy"] ?? "") === "" ? "NO_PROXY" : "no_proxy";
  const hosts = (env[name] ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  return hosts.includes("*") || hosts.includes(host) ? null : { name, isSet: hosts.length > 0 };
}
