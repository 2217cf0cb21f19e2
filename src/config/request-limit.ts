import { readWholeNumber } from "../json/whole-number.ts";
import { ConfigError } from "./config-error.ts";
import type { Environment } from "./locate-folders.ts";

/** Bun reads this variable before it runs our code. */
const variable = "BUN_CONFIG_MAX_HTTP_REQUESTS";
const raisedLimit = 8192;

/** Requests that are over for their clients may still be reading the end of their upstream's answer. */
export const spareRequests = 16;
/** At least as many again are needed for clients. */
const smallestLimit = 2 * spareRequests;

/**
 * Switches off JavaScriptCore's last compiler. It pays for programs that compute for minutes. A program that mostly
 * waits spends a tenth to a fifth of its CPU on it in its first ten thousand requests, and is no faster afterwards.
 */
const engineSettings = { BUN_JSC_useFTLJIT: "0" };

/** On some systems Bun would report a crash to its makers; this program contacts only its upstream. */
const privacySettings = { BUN_ENABLE_CRASH_REPORTING: "0" };

/** What a server starts over for. Who starts it in this environment saves it a second start. */
export const startVariables: Readonly<Record<string, string>> = {
  ...engineSettings,
  ...privacySettings,
  [variable]: String(raisedLimit),
};

/**
 * How many requests this process can send at the same time; Bun silently queues all others. Throws ConfigError if that
 * leaves no place for clients.
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
 * The environment in which this program can send as many requests as it may need, compiles no more than pays and
 * reports to nobody; null if the program already runs in it. Values set by the user stay.
 */
export function raiseRequestLimit(env: Environment = process.env): Record<string, string> | null {
  if (env[variable] !== undefined) return null;
  const present = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...startVariables, ...Object.fromEntries(present) };
}
