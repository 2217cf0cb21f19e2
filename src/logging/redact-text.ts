import { redactSecrets } from "../secrets/redact-secrets.ts";
import { createSecretFinder } from "../secrets/secret-finder.ts";

export const redactedText = "[redacted]";

/** Recognises keys that are not ours by their form: in an upstream's error text, or pasted into a prompt. */
const keyPatterns: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|rk|pk|gsk|xai|nvapi|hf|ghp|github_pat)[-_][\w-]{16,}/g, redactedText],
  [/\bAIza[\w-]{30,}/g, redactedText],
  [/\b(Bearer|Basic)(\s+|%20)[\w.~+/=-]{16,}/gi, `$1 ${redactedText}`],
];

/** No pattern matches without one of these: one quick search, as it runs for every request. */
const mayHoldKey = /(?:sk|rk|pk|xai|nvapi|hf|ghp|pat)[-_]|AIza|bearer|basic/i;

/**
 * Runs of characters that a token can contain are found first and examined then: a token could begin at every `eyJ` of
 * a long run.
 */
const tokenRun = /[\w.-]{20,}/g;
const tokenStart = /\beyJ[\w-]{8}/;

/**
 * Creates a function that takes keys out of any text that leaves the program: log lines and error messages. It
 * recognises the given secrets by their exact value, however it is encoded, and other keys by their form.
 * @param secrets the values of the secret settings; values shorter than 8 characters are ignored
 * @returns a function that returns the text with `[redacted]` in place of every key
 */
export function createTextRedactor(secrets: readonly string[]): (text: string) => string {
  const finder = createSecretFinder(secrets);
  return (text) => {
    // guard: keys taken out of the log; without it: text
    let result = finder === null ? text : redactSecrets(text, finder, redactedText);
    if (mayHoldKey.test(result)) {
      for (const [pattern, replacement] of keyPatterns) result = result.replace(pattern, replacement);
    }
    return result.includes("eyJ") ? result.replace(tokenRun, redactTokens) : result;
  };
}

/** A text redactor that learns of secrets while it is in use. */
export interface GrowingRedactor {
  /** As the function of `createTextRedactor`, with the secrets that are known by then. */
  redact(text: string): string;
  /** Adds values that must not be shown from now on; none is ever forgotten, as what runs may still repeat it. */
  addSecrets(secrets: readonly string[]): void;
}

/** Creates a redactor that begins with these secrets. */
export function createGrowingRedactor(secrets: readonly string[]): GrowingRedactor {
  const known = new Set(secrets);
  let redactText = createTextRedactor(secrets);
  return {
    redact: (text) => redactText(text),
    addSecrets(more) {
      const knownBefore = known.size;
      for (const secret of more) known.add(secret);
      if (known.size > knownBefore) redactText = createTextRedactor([...known]);
    },
  };
}

/** Takes the JSON Web Tokens out of a run: three parts between dots, of which the first begins with `eyJ`. */
function redactTokens(run: string): string {
  const parts = run.split(".");
  const kept: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? "";
    const start =
      (parts[index + 1] ?? "").length >= 8 && index + 2 < parts.length ? part.search(tokenStart) : -1;
    if (start === -1) kept.push(part);
    else {
      kept.push(part.slice(0, start) + redactedText);
      index += 2;
    }
  }
  return kept.join(".");
}
