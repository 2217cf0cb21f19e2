import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

/** In characters. A longer reference is no name that a person wrote. */
const maxReferenceLength = 1000;

/** The schema inside `root` to which `#/$defs/Name` and similar references point, or undefined. */
export function findDefinition(reference: string, root: JsonObject): JsonObject | undefined {
  if (reference.length > maxReferenceLength || !reference.startsWith("#/")) return undefined;
  let found: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const name = decodeStep(step).replaceAll("~1", "/").replaceAll("~0", "~");
    found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return isJsonObject(found) ? found : undefined;
}

function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step; // A name with a bare percent sign that was not encoded.
  }
}
