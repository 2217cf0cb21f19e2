import type { Environment } from "./locate-folders.ts";

/**
 * Whether the user has asked all programs for plain text (https://no-color.org: NO_COLOR set and not empty), or has a
 * terminal that knows nothing else.
 */
export function wantsNoColor(env: Environment = process.env): boolean {
  return (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
}
