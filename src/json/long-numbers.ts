import { endOfString } from "./find-excess.ts";
import { isJsonObject } from "./json-value.ts";
import { parseJson } from "./parse-json.ts";

declare global {
  interface JSON {
    /** Returns an object that `JSON.stringify` writes as the given text: a number or another single value. */
    rawJSON(text: string): object;
  }
}

/**
 * The value of a JSON text like `parseJson`, except for numbers that JavaScript cannot represent exactly, such as ids
 * of 19 digits: each becomes an object that `JSON.stringify` writes as the number was written.
 */
export function parseExactJson(text: string): unknown {
  return restoreLongNumbers(parseJson(text), text);
}

/** The same for a value that was already parsed from `text`. */
export function restoreLongNumbers(value: unknown, text: string): unknown {
  return mayBeInexact.test(text) && hasInexactNumber(value)
    ? restoreNumbers(value, parseJson(quoteNumbers(text)))
    : value;
}

/** The form of a number beyond 2^53, or of something in a string: this search is faster than a walk over the value. */
const mayBeInexact = /\d{16}|\de/i;

/** Whether a value contains a number beyond 2^53, including the infinity of `1e999`. Linear in the value. */
export function hasInexactNumber(value: unknown): boolean {
  if (typeof value === "number") return isInexact(value);
  if (Array.isArray(value)) return value.some(hasInexactNumber);
  return isJsonObject(value) && Object.values(value).some(hasInexactNumber);
}

function isInexact(value: number): boolean {
  return !(Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

/** Shorter numbers are exact, unless they have an exponent. */
const shortestInexact = 16;

/** Rewrites a JSON text so that numbers which may be inexact become strings. Linear in the text. */
export function quoteNumbers(text: string): string {
  let quoted = "";
  /** The start of the text that is not copied yet. */
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x2d || isDigit(code)) {
      const start = at;
      let hasExponent = false;
      while (isOfNumber(text.charCodeAt(at + 1))) {
        at += 1;
        hasExponent ||= (text.charCodeAt(at) | 0x20) === 0x65;
      }
      if (hasExponent || at + 1 - start >= shortestInexact) {
        quoted += `${text.slice(from, start)}"${text.slice(start, at + 1)}"`;
        from = at + 1;
      }
    }
  }
  return quoted + text.slice(from);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A digit, a sign, a point or an exponent. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || code === 0x2d || code === 0x2b || code === 0x2e || (code | 0x20) === 0x65;
}

/**
 * The value with its inexact numbers as they were written. `quoted` is the value of the same text with quoted numbers,
 * so it has the same members in the same order. An unchanged value is returned itself.
 */
export function restoreNumbers(value: unknown, quoted: unknown): unknown {
  if (typeof value === "number") {
    return isInexact(value) && typeof quoted === "string" ? JSON.rawJSON(quoted) : value;
  }
  if (Array.isArray(value)) {
    const texts: unknown[] = Array.isArray(quoted) ? quoted : [];
    const items = value.map((item, index) => restoreNumbers(item, texts[index]));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  const texts = isJsonObject(quoted) ? Object.values(quoted) : [];
  let isChanged = false;
  const entries = Object.entries(value).map(([key, item], index) => {
    const restored = restoreNumbers(item, texts[index]);
    isChanged ||= restored !== item;
    return [key, restored] as const;
  });
  return isChanged ? Object.fromEntries(entries) : value;
}
