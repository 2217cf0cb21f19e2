import { closeSync, openSync, readFileSync } from "node:fs";
import { readWholeNumber } from "../json/whole-number.ts";

/** Reserved for what the program opens itself: its log, a thread, a first connection. */
export const spareDescriptors = 32;

/** A running request has a connection to its client and one to its upstream. */
const descriptorsPerRequest = 2;

const checkDelayMs = 100;

/** A file that is always there. `node:os` names it too, and takes a quarter of a millisecond of the start. */
const devNull = process.platform === "win32" ? "\\\\.\\nul" : "/dev/null";

/**
 * How many requests may run at the same time before descriptors run out; infinite if the system does not report its
 * limit. Bun has already raised the limit as far as the system allows.
 * @param limit of this process; null if the system does not report it
 */
export function requestsByDescriptors(limit = readDescriptorLimit()): number {
  if (limit === null) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor((limit - spareDescriptors) / descriptorsPerRequest));
}

function readDescriptorLimit(): number | null {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return readWholeNumber(limit);
  } catch {
    // Only Linux has this file.
    return null;
  }
}

/** Whether this process may open this many more files or connections. It opens and closes them to find out. */
export function canOpenDescriptors(count: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync(devNull, "r"));
    return true;
  } catch {
    // EMFILE: limit of the process. ENFILE: limit of the whole system.
    return false;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/**
 * Releases descriptors when few are left: Bun keeps a connection for ten seconds after its last answer, while other
 * connections wait to be accepted.
 * @param closeIdleConnections closes those without a request
 * @returns the function to call for each request; it checks a tenth of a second later, once for all requests in that
 * time
 */
export function createDescriptorCheck(closeIdleConnections: () => void): () => void {
  let isWaiting = false;

  function wait(): void {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(check, checkDelayMs).unref();
  }

  function check(): void {
    isWaiting = false;
    if (canOpenDescriptors(spareDescriptors)) return;
    closeIdleConnections();
    wait();
  }

  return wait;
}
