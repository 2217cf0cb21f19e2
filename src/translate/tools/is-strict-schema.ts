import { isJsonObject } from "../../json/json-value.ts";

/**
 * True if the schema satisfies OpenAI's rules for `strict`: every object lists all of its properties as required and
 * allows no others. Source: OpenAI, "Structured outputs", supported schemas.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (!isJsonObject(schema)) return true;
  const { properties, required, additionalProperties, type } = schema;
  const isObject = type === "object" || isJsonObject(properties);
  if (isObject) {
    const names = isJsonObject(properties) ? Object.keys(properties) : [];
    if (additionalProperties !== false || !containsAll(required, names)) return false;
    if (isJsonObject(properties) && !Object.values(properties).every(isStrictSchema)) return false;
  }
  const { items, anyOf, $defs, definitions } = schema;
  const nested = [
    items,
    anyOf,
    ...[$defs, definitions].flatMap((defs) => (isJsonObject(defs) ? Object.values(defs) : [])),
  ];
  return nested.every(isStrictSchema);
}

function containsAll(required: unknown, names: readonly string[]): boolean {
  if (names.length === 0) return true;
  if (!Array.isArray(required)) return false;
  const known = new Set<unknown>(required);
  return names.every((name) => known.has(name));
}
