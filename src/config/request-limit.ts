import { readWholeNumber } from "../json/whole-number.ts";
import { ConfigError } from "./config-error.ts";
import type { Environment } from "./locate-folders.ts";

/** Read by Bun before it runs a line of ours. */
const variable = "BUN_CONFIG_MAX_HTTP_REQUESTS";
const raisedLimit = 8192;

/** Requests that have ended for their clients may still be reading the end of their upstream's answer. */
export const spareRequests = 16;
/** As many again are needed to be of use. */
const smallestLimit = 2 * spareRequests;

/**
 * JavaScriptCore's last compiler is left out. It pays for programs that compute for minutes; one that mostly waits
 * spends a tenth to a fifth of its CPU on it in its first ten thousand requests, and is no faster afterwards.
 */
const engineSettings = { BUN_JSC_useFTLJIT: "0" };

/** A crash of Bun would be reported to its makers on some systems; this program speaks with its upstream only. */
const privacySettings = { BUN_ENABLE_CRASH_REPORTING: "0" };

/**
 * How many requests this process can send at the same time; Bun queues all others without a word. Throws ConfigError
 * when that leaves no place for clients.
 */
export function getRequestLimit(env: Environment = process.env): number {
  const limit = readWholeNumber(env[variable]) ?? 0;
  if (limit === 0) return 256;
  if (limit >= smallestLimit) return limit;
  throw new ConfigError(
    [`${variable} is ${limit}, which is too small: ${spareRequests} of them are reserved.`],
    `Set it to ${smallestLimit} or more, or unset it.`,
  );
}

/**
 * The environment in which this program can send as many requests as it may have to, compiles no more than pays and
 * reports to nobody; null when it is in it. What the user has set stays.
 */
export function raiseRequestLimit(env: Environment = process.env): Record<string, string> | null {
  if (env[variable] !== undefined) return null;
  const present = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    ...engineSettings,
    ...privacySettings,
    ...Object.fromEntries(present),
    [variable]: String(raisedLimit),
  };
}
