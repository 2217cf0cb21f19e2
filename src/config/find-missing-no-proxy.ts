import { usesHttpProxy } from "./find-http-proxy.ts";
import type { Environment } from "./locate-folders.ts";

/** A variable that has to name a host so that it is not reached through an HTTP proxy. */
export interface NoProxyVariable {
  readonly name: "NO_PROXY" | "no_proxy";
  /** Whether it names others already. */
  readonly isSet: boolean;
}

/**
 * Which variable has to name `host`: Claude Code sends even what is for this machine through the HTTP proxy of its
 * environment, which cannot know it.
 * @returns null when there is no HTTP proxy, or when the host is named
 */
export function findMissingNoProxy(host: string, env: Environment = process.env): NoProxyVariable | null {
  if (!usesHttpProxy(env)) return null;
  const name = (env["no_proxy"] ?? "") === "" ? "NO_PROXY" : "no_proxy";
  const hosts = (env[name] ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  return hosts.includes("*") || hosts.includes(host) ? null : { name, isSet: hosts.length > 0 };
}
