import type { Environment } from "./locate-folders.ts";

// What other programs tell every program by the environment.

/**
 * Whether the user has asked all programs for plain text (https://no-color.org: NO_COLOR set and not empty), or has a
 * terminal that knows nothing else.
 */
export function wantsNoColor(env: Environment = process.env): boolean {
  return (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
}

/**
 * The socket on which systemd waits for the message that the program is ready: a path, or `@` and an abstract name.
 * @returns undefined if systemd did not start this program, or if the address is no Unix socket
 */
export function getNotifySocket(env: Environment = process.env): string | undefined {
  const address = env["NOTIFY_SOCKET"];
  return address !== undefined && /^[/@]./.test(address) ? address : undefined;
}

/** The width that a program tells those whose output it shows, in columns; null if it told none. */
export function getClaimedColumns(env: Environment = process.env): number | null {
  const text = env["COLUMNS"] ?? "";
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
}
