import { closeSync, openSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { readWholeNumber } from "../json/whole-number.ts";

/** Kept free for what the program opens for itself: its log, a thread, a first connection. */
export const spareDescriptors = 32;

/** A running request has its client's connection and its upstream's. */
const descriptorsPerRequest = 2;

const checkDelayMs = 100;

/**
 * How many requests may run at the same time before descriptors run out; infinite where the system does not tell. Bun
 * has raised the limit as far as the system allows.
 * @param limit of this process; null where the system does not tell
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
    // Only Linux has such a file.
    return null;
  }
}

/** Whether this process may open so many files or connections more. They are opened and closed again to know it. */
export function canOpenDescriptors(count: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync(devNull, "r"));
    return true;
  } catch {
    // EMFILE of the process, ENFILE of the whole system.
    return false;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/**
 * Gives descriptors back when few are left: Bun keeps a connection for ten seconds behind its last answer, and
 * meanwhile others wait to be accepted.
 * @param closeIdleConnections closes those without a request
 * @returns to be called for each request; a tenth of a second behind it is looked, once for all that came meanwhile
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
