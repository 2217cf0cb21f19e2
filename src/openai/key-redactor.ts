/** A shorter "key" is a word such as `ollama`, which a text may well hold. */
const shortestKey = 8;

/**
 * Creates a function that takes our key out of what an upstream sends: some repeat it in their errors, which go
 * to the client and into the log.
 */
export function createKeyRedactor(apiKey: string): (text: string) => string {
  if (apiKey.length < shortestKey) return (text) => text;
  return (text) => text.replaceAll(apiKey, "…");
}
