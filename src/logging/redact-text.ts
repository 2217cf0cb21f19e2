import { formsOfSecret } from "../secrets/forms-of-secret.ts";

export const redactedText = "[redacted]";

/** Keys by their looks, for those that are not ours: an upstream's error text, a key pasted into a prompt. */
const keyPatterns: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|rk|pk|gsk|xai|nvapi|hf|ghp|github_pat)[-_][\w-]{16,}/g, redactedText],
  [/\bAIza[\w-]{30,}/g, redactedText],
  [/\b(Bearer|Basic)(\s+|%20)[\w.~+/=-]{16,}/gi, `$1 ${redactedText}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redactedText],
];

/**
 * Makes a function that takes keys out of any text that leaves the program: log lines and error messages. It knows
 * the given secrets by their exact value (also URL-encoded, as base64 and inside JSON) and other keys by their looks.
 * @param secrets the values of the settings that are secret; values shorter than 8 characters are left alone
 * @returns a function from text to the same text with `[redacted]` in place of every key
 */
export function createTextRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap(formsOfSecret))].sort((a, b) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const form of forms) {
      result = result.replaceAll(form, redactedText);
    }
    for (const [pattern, replacement] of keyPatterns) {
      result = result.replace(pattern, replacement);
    }
    return result;
  };
}
