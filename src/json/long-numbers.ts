import { endOfString } from "./find-excess.ts";
import { isJsonObject } from "./json-value.ts";
import { parseJson } from "./parse-json.ts";

declare global {
  interface JSON {
    /** An object in whose place `JSON.stringify` writes the text of a number or another single value as it is. */
    rawJSON(text: string): object;
  }
}

/**
 * The value of a JSON text as `parseJson` gives it, but for the numbers that cannot be told exactly, such as ids of 19
 * digits: each is an object that `JSON.stringify` writes as the number was written.
 */
export function parseExactJson(text: string): unknown {
  return restoreLongNumbers(parseJson(text), text);
}

/** The same of a value that was parsed from `text` before. */
export function restoreLongNumbers(value: unknown, text: string): unknown {
  return mayBeInexact.test(text) && hasInexactNumber(value)
    ? restoreNumbers(value, parseJson(quoteNumbers(text)))
    : value;
}

/** How a number beyond 2^53 is written, or something in a string: a walk over the value takes longer than the look. */
const mayBeInexact = /\d{16}|\de/i;

/** Whether a value holds a number beyond 2^53, the infinity of `1e999` among them. Linear in the value. */
export function hasInexactNumber(value: unknown): boolean {
  if (typeof value === "number") return isInexact(value);
  if (Array.isArray(value)) return value.some(hasInexactNumber);
  return isJsonObject(value) && Object.values(value).some(hasInexactNumber);
}

function isInexact(value: number): boolean {
  return !(Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

/** Shorter numbers are told exactly, if they have no exponent. */
const shortestInexact = 16;

/** A JSON text in which the numbers are texts that may not be told exactly. Linear in the text. */
export function quoteNumbers(text: string): string {
  let quoted = "";
  /** Where the text begins that was not taken over. */
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
 * The value with its inexact numbers as they were written. `quoted` is what the same text is with quoted numbers, so
 * that it has the same members in the same order. What needs no change is the value itself.
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
