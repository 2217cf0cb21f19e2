export const redactedText = "[redacted]";

/**
 * A secret shorter than this is a placeholder such as `ollama`: replacing it everywhere would garble every line that
 * names a model, and would protect nothing.
 */
const shortestSecret = 8;

/** Keys by their looks, for those that are not ours: an upstream's error text, a key pasted into a prompt. */
const keyPatterns: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|rk|pk|gsk|xai|nvapi|hf|ghp|github_pat)[-_][\w-]{16,}/g, redactedText],
  [/\bAIza[\w-]{30,}/g, redactedText],
  [/\b(Bearer|Basic)(\s+|%20)[\w.~+/=-]{16,}/gi, `$1 ${redactedText}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redactedText],
];

/** The 8 or more characters of base64 that stand for `secret` wherever it begins inside the encoded bytes. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    // The first and last characters also carry bits of the neighbours, so they are left out.
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString("base64").slice(start, end), bytes.toString("base64url").slice(start, end)];
  });
}

function allForms(secret: string): string[] {
  const jsonForm = JSON.stringify(secret).slice(1, -1);
  const jsonInJsonForm = JSON.stringify(jsonForm).slice(1, -1);
  return [secret, jsonForm, jsonInJsonForm, encodeURIComponent(secret), ...base64Forms(secret)];
}

/**
 * Makes a function that takes keys out of any text that leaves the program: log lines and error messages. It knows
 * the given secrets by their exact value (also URL-encoded, as base64 and inside JSON) and other keys by their looks.
 * @param secrets the values of the settings that are secret; values shorter than 8 characters are left alone
 * @returns a function from text to the same text with `[redacted]` in place of every key
 */
export function createTextRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = [
    ...new Set(secrets.filter((secret) => secret.length >= shortestSecret).flatMap(allForms)),
  ].sort((a, b) => b.length - a.length);
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
