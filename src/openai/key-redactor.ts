import { formsOfSecret } from "../secrets/forms-of-secret.ts";

/**
 * Creates a function that takes our key out of what an upstream sends: some repeat it in their errors, which go
 * to the client and into the log. In every form that `formsOfSecret` knows; a word such as `ollama` stays.
 */
export function createKeyRedactor(apiKey: string): (text: string) => string {
  const forms = formsOfSecret(apiKey);
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, "…"), text);
}
