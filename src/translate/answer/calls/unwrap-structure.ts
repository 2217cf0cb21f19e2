import { isJsonObject } from "../../../json/json-value.ts";
import { parseJson } from "../../../json/parse-json.ts";
import type { StructuredValue } from "./member-rules.ts";
import { mendJson } from "./mend-json.ts";

/**
 * The JSON text of the list or object in a JSON string, exactly as written there; null if the string contains neither
 * of the wanted types. Models whose server reads each argument as a text write lists like this (rule 3.5).
 */
export function unwrapStructure(written: string, wanted: StructuredValue): string | null {
  const held = parseJson(written) ?? parseJson(mendJson(written) ?? "");
  if (typeof held !== "string") return null;
  const text = parseJson(held) === undefined ? mendJson(held) : held.trim();
  if (text === null) return null;
  const value = parseJson(text);
  return (wanted.isList && Array.isArray(value)) || (wanted.isObject && isJsonObject(value)) ? text : null;
}
