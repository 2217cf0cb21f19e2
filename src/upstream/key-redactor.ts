import { redactSecrets } from "../secrets/redact-secrets.ts";
import { createSecretFinder } from "../secrets/secret-finder.ts";

/**
 * Creates a function that takes our keys out of text from an upstream, however a key is encoded. Some upstreams repeat
 * one in their errors, which go to the client and into the log. A word such as `ollama` is no key and stays. JSON stays
 * JSON.
 */
export function createKeyRedactor(keys: readonly string[]): (text: string) => string {
  const finder = createSecretFinder(keys);
  // guard: key taken out of errors; without it: (text) => text
  return (text) => (finder === null ? text : redactSecrets(text, finder, "…"));
}
