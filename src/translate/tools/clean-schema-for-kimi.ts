import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { withoutTopChoice } from "./clean-schema-for-openai.ts";

const schemasByName = ["properties", "$defs", "definitions", "patternProperties"];
const schemaLists = ["anyOf", "oneOf", "allOf", "prefixItems"];
const singleSchemas = ["items", "not", "additionalProperties"];

/**
 * "Moonshot flavoured JSON schema" (rule 1.3.1): no sibling beside `$ref`, no `type` beside `anyOf`, no tuple in
 * `items`, no `true` or `false` for a property. Source: @ai-sdk/moonshotai 3.0.60 normalize-json-schema-for-mfjs.
 */
export function cleanSchemaForKimi(root: JsonObject): JsonObject {
  // The root must be a plain object schema, so it cannot be a choice as well.
  return cleanNode(withoutTopChoice(root));
}

function cleanNode(node: JsonObject): JsonObject {
  if (typeof node["$ref"] === "string") return { $ref: node["$ref"] };
  const cleaned: JsonObject = {};
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === "$schema") continue;
    if (schemasByName.includes(keyword) && isJsonObject(value)) {
      cleaned[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, schema]) => [name, isJsonObject(schema) ? cleanNode(schema) : {}]),
      );
    } else if (keyword === "items" && Array.isArray(value)) cleaned["prefixItems"] = value.map(cleanMember);
    else if (schemaLists.includes(keyword) && Array.isArray(value)) cleaned[keyword] = value.map(cleanMember);
    else cleaned[keyword] = singleSchemas.includes(keyword) ? cleanMember(value) : value;
  }
  return moveTypeIntoAlternatives(cleaned);
}

function cleanMember(schema: unknown): unknown {
  return isJsonObject(schema) ? cleanNode(schema) : schema;
}

function moveTypeIntoAlternatives(schema: JsonObject): JsonObject {
  const { type, ...others } = schema;
  const { anyOf } = others;
  if (type === undefined || !Array.isArray(anyOf)) return schema;
  const typed = anyOf.map((alternative) =>
    isJsonObject(alternative) && alternative["type"] === undefined && alternative["$ref"] === undefined
      ? { type, ...alternative }
      : alternative,
  );
  return { ...others, anyOf: typed };
}
