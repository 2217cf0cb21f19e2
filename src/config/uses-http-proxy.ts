import type { Environment } from "./locate-folders.ts";

/** Whether Bun's fetch may go through an HTTP proxy, so that a connection of ours to the upstream says nothing. */
export function usesHttpProxy(env: Environment = process.env): boolean {
  return ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some((name) => (env[name] ?? "") !== "");
}
