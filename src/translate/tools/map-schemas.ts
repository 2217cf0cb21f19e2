import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

const schemasByName = new Set([
  ..."properties patternProperties dependentSchemas $defs definitions".split(" "),
]);
const schemaLists = new Set(["anyOf", "oneOf", "allOf", "prefixItems", "items"]);
const singleSchemas = new Set([
  ..."items additionalItems additionalProperties unevaluatedItems unevaluatedProperties".split(" "),
  ..."contains propertyNames not if then else".split(" "),
]);

/**
 * Applies `clean` to a JSON schema and to every schema inside, the inner ones first. If nothing changes, `clean` must
 * return the same object, and so does this. Values in places where no schema belongs are data and stay.
 */
export function mapSchemas(schema: JsonObject, clean: (node: JsonObject) => JsonObject): JsonObject {
  const mapOne = (inner: unknown): unknown => (isJsonObject(inner) ? mapSchemas(inner, clean) : inner);
  const mapped = mapValues(schema, (value, keyword) => {
    if (Array.isArray(value)) return schemaLists.has(keyword) ? mapList(value, mapOne) : value;
    if (!isJsonObject(value)) return value;
    if (schemasByName.has(keyword)) return mapValues(value, mapOne);
    return singleSchemas.has(keyword) ? mapOne(value) : value;
  });
  return clean(mapped);
}

/** The object with each value mapped; the same object if none changed. */
export function mapValues(object: JsonObject, map: (value: unknown, key: string) => unknown): JsonObject {
  let isSame = true;
  const entries = Object.entries(object).map(([key, value]): [string, unknown] => {
    const mapped = map(value, key);
    if (mapped !== value) isSame = false;
    return [key, mapped];
  });
  return isSame ? object : Object.fromEntries(entries);
}

function mapList(list: readonly unknown[], map: (value: unknown) => unknown): readonly unknown[] {
  const mapped = list.map(map);
  return mapped.every((value, index) => value === list[index]) ? list : mapped;
}
