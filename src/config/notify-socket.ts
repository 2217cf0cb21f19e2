import type { Environment } from "./locate-folders.ts";

/**
 * Where systemd wants to be told that the program is ready: a path, or `@` and an abstract name.
 * @returns undefined when systemd did not start this program, or asks for an address that is no Unix socket
 */
export function getNotifySocket(env: Environment = process.env): string | undefined {
  const address = env["NOTIFY_SOCKET"];
  return address !== undefined && /^[/@]./.test(address) ? address : undefined;
}
