import type { Environment } from "./locate-folders.ts";

/** Read by Bun before it runs a line of ours. */
const variable = "BUN_CONFIG_MAX_HTTP_REQUESTS";
const raisedLimit = 8192;

/** How many requests this process can send at the same time; Bun queues all others without a word. */
export function getRequestLimit(env: Environment = process.env): number {
  const limit = Number(env[variable]);
  return Number.isInteger(limit) && limit > 0 ? limit : 256;
}

/** The environment in which this program can send as many requests as it may have to; null when it is in it. */
export function raiseRequestLimit(env: Environment = process.env): Record<string, string> | null {
  if (env[variable] !== undefined) return null;
  const present = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(present), [variable]: String(raisedLimit) };
}
