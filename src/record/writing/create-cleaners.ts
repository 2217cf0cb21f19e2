import { createTextRedactor } from "../../logging/redact-text.ts";
import type { CleanText } from "../sqlite/request-columns.ts";
import { createTextCleaner } from "./clean-text.ts";

/** Takes keys out of what is written of one request. */
export interface Cleaner {
  redact(text: string): string;
  readonly clean: CleanText;
}

/** What takes keys out of requests: those of the settings, and those that only one caller has. */
export interface Cleaners {
  /** `secrets`: values of the caller that no setting knows. */
  of(secrets: readonly string[]): Cleaner;
  /** Adds values for all of them. */
  addSecrets(secrets: readonly string[]): void;
}

/** One caller has the same key in all of his requests; so many callers are remembered. */
const mostCallers = 50;

/** Creates cleaners that take these values out of every request. */
export function createCleaners(secrets: readonly string[]): Cleaners {
  const known = new Set(secrets);
  const cleaners = new Map<string, Cleaner>();

  return {
    of(more) {
      const name = more.join("\0");
      const found = cleaners.get(name);
      if (found !== undefined) return found;
      // One redactor for both: what recognises keys by their form would cut those that come behind it.
      // guard: caller's key taken out of the record; without it: createTextRedactor([...known])
      const redact = createTextRedactor([...known, ...more]);
      const cleaner = { redact, clean: createTextCleaner(redact) };
      if (cleaners.size >= mostCallers) cleaners.clear();
      cleaners.set(name, cleaner);
      return cleaner;
    },
    addSecrets(more) {
      for (const secret of more) known.add(secret);
      cleaners.clear();
    },
  };
}
