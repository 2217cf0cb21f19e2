/** In levels. Far more than any client or model nests, far less than exhausts the stack of code that walks a value. */
export const deepestNesting = 500;

/** The limits of a JSON text. */
export interface JsonLimits {
  depth: number;
  /** Members and elements of all objects and lists together. */
  values: number;
}

/**
 * The limit that a JSON text exceeds, or null. It is determined from the text, before anything parses it or walks the
 * value: 32 MB of brackets take the parser seconds and gigabytes, and a value nested too deeply exhausts the stack.
 * Strings, most of a request, are skipped natively. In text that is not JSON, the part that is read counts.
 */
export function findExcess(text: string, limits: JsonLimits): keyof JsonLimits | null {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x2c) values += 1;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      values += 1;
      if (depth > limits.depth) return "depth";
      if (values > limits.values) return "values";
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return values > limits.values ? "values" : null;
}

/** Whether a JSON text nests deeper than `limit`. */
export function exceedsDepth(text: string, limit: number): boolean {
  // Each level takes a bracket at either end; most texts are too short to nest so deeply.
  if (text.length <= limit) return false;
  return findExcess(text, { depth: limit, values: Number.POSITIVE_INFINITY }) === "depth";
}

/**
 * Explains the failure of a text for which `parseJson` returned nothing or an unexpected value: too deep, or
 * `otherwise`, such as `is no object`.
 */
export function explainDepth(text: string, otherwise: string): string {
  return exceedsDepth(text, deepestNesting) ? `is nested deeper than ${deepestNesting} levels` : otherwise;
}

/** The position of the quote that ends the string which begins at `start`; the length of the text if it has no end. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
