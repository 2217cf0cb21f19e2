import { redactSecrets } from "../secrets/redact-secrets.ts";
import { createSecretFinder } from "../secrets/secret-finder.ts";

/**
 * Creates a function that takes our key out of what an upstream sends: some repeat it in their errors, which go
 * to the client and into the log. However it is encoded; a word such as `ollama` stays. JSON stays JSON.
 */
export function createKeyRedactor(apiKey: string): (text: string) => string {
  const finder = createSecretFinder([apiKey]);
  // guard: key taken out of errors; without it: (text) => text
  return (text) => (finder === null ? text : redactSecrets(text, finder, "…"));
}
