/** A shorter "key" is a word such as `ollama`, which a text may well hold. */
const shortestKey = 8;

/**
 * Creates a function that takes our key out of what an upstream sends: some repeat it in their errors, which go
 * to the client and into the log. Also as it stands inside JSON, and inside JSON that is a text in JSON.
 */
export function createKeyRedactor(apiKey: string): (text: string) => string {
  if (apiKey.length < shortestKey) return (text) => text;
  const inJson = JSON.stringify(apiKey).slice(1, -1);
  const forms = [...new Set([JSON.stringify(inJson).slice(1, -1), inJson, apiKey])];
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, "…"), text);
}
