import { deepestNesting, exceedsDepth } from "./find-excess.ts";

/**
 * The value of a JSON text from outside; undefined if the text is not valid JSON. Also undefined if it nests deeper
 * than 500 levels: `JSON.stringify` takes seconds for such a value, and then exhausts the stack.
 */
export function parseJson(text: string): unknown {
  // Each level takes a bracket at either end, and nearly every text is too short to nest so deeply.
  // guard: depth of the upstream's JSON
  if (text.length > 2 * deepestNesting && exceedsDepth(text, deepestNesting)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Callers find the fault in the text if they need it.
    return undefined;
  }
}
