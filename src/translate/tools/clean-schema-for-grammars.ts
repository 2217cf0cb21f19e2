import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { withType } from "./clean-schema-for-gemini.ts";
import { mapSchemas, mapValues } from "./map-schemas.ts";

/**
 * A grammar writes repetitions out: llama.cpp refuses 2000 elements, and nested repetitions count as their product.
 * Source: its common/json-schema-to-grammar.cpp and src/llama-grammar.cpp; firecrawl/firecrawl#4512.
 */
const mostRepetitions = 32;

const repetitions = new Set(["minLength", "maxLength", "minItems", "maxItems"]);

/** Keywords that only narrow the values. Every implementation of grammars supports other ones, or none. */
const narrowing = new Set([
  ..."pattern format multipleOf minimum maximum exclusiveMinimum exclusiveMaximum".split(" "),
  ..."uniqueItems contains minContains maxContains minProperties maxProperties".split(" "),
  ..."patternProperties propertyNames dependentRequired dependentSchemas not if then else".split(" "),
  ...repetitions,
]);

/**
 * The schema without the parts of which llama.cpp makes no grammar (rule 1.3.1): limits above 32, and patterns. It
 * refuses patterns that are not anchored, contain an escape or are in an inner object. The client checks the input by
 * the whole schema.
 */
export function cleanSchemaForLlamacpp(root: JsonObject): JsonObject {
  return mapSchemas(root, (node) =>
    keepKeywords(asSchemas(node), (keyword, value) =>
      repetitions.has(keyword)
        ? typeof value === "number" && value <= mostRepetitions
        : keyword !== "pattern",
    ),
  );
}

/** The schema with only those keywords that every grammar supports, for an upstream that refused more (rule R0). */
export function cleanSchemaForGrammars(root: JsonObject): JsonObject {
  return typeEveryProperty(
    mapSchemas(root, (node) => keepKeywords(asSchemas(node), (keyword) => !narrowing.has(keyword))),
  );
}

/**
 * The schema with a type for every property and every list item: some chat templates print it, and fail if there is
 * none; older builds of llama.cpp make no grammar of a schema that only has a description.
 */
export function typeEveryProperty(root: JsonObject): JsonObject {
  return mapSchemas(root, (node) =>
    mapValues(node, (value, keyword) => {
      if (keyword === "properties" && isJsonObject(value)) return mapValues(value, typed);
      return keyword === "items" && isJsonObject(value) ? typed(value) : value;
    }),
  );
}

function typed(schema: unknown): unknown {
  return isTyped(schema) ? schema : withType(isJsonObject(schema) ? schema : {});
}

function isTyped(schema: unknown): boolean {
  if (!isJsonObject(schema)) return false;
  const { type, $ref, anyOf, oneOf, allOf } = schema;
  return [type, $ref, anyOf, oneOf, allOf].some((keyword) => keyword !== undefined);
}

/** `true` means the same as an empty schema, which every reader supports. */
function asSchemas(node: JsonObject): JsonObject {
  return mapValues(node, (value, keyword) => {
    if (keyword === "items") return orEmpty(value);
    return keyword === "properties" && isJsonObject(value) ? mapValues(value, orEmpty) : value;
  });
}

function orEmpty(schema: unknown): unknown {
  return schema === true ? {} : schema;
}

function keepKeywords(node: JsonObject, keeps: (keyword: string, value: unknown) => boolean): JsonObject {
  const entries = Object.entries(node);
  const kept = entries.filter(([keyword, value]) => keeps(keyword, value));
  return kept.length === entries.length ? node : Object.fromEntries(kept);
}
