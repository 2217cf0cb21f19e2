import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { type ReferenceBudget, SchemaReferences } from "./schema-references.ts";

const droppedKeywords = new Set([
  ..."additionalProperties patternProperties propertyNames exclusiveMinimum exclusiveMaximum".split(" "),
  ..."default examples if then else not contentEncoding $schema $id $comment $defs definitions".split(" "),
]);
const knownFormats = ["enum", "date-time"];

/**
 * The subset of JSON schema that Gemini's function declarations accept (rule 1.3.1). Source: error texts of the native
 * API, 2024 and 2025. Copies made for references are taken from `budget`; when it is used up, they allow anything.
 */
export function cleanSchemaForGemini(root: JsonObject, budget: ReferenceBudget): JsonObject {
  return cleanNode(root, new SchemaReferences(root, budget), 0);
}

function cleanNode(node: JsonObject, references: SchemaReferences, depth: number): JsonObject {
  const cleaned: JsonObject = {};
  writeNode(cleaned, node, references, depth);
  giveItems(cleaned);
  keepKnownRequired(cleaned);
  keepStringEnum(cleaned);
  return cleaned;
}

function writeNode(cleaned: JsonObject, node: JsonObject, references: SchemaReferences, depth: number): void {
  if (typeof node["$ref"] === "string") {
    const { $ref: reference, ...siblings } = node;
    const target = references.follow(String(reference), depth);
    writeNode(cleaned, { ...target, ...siblings }, references, depth + 1);
    return;
  }
  for (const [keyword, value] of Object.entries(node)) {
    if (!droppedKeywords.has(keyword)) writeKeyword(cleaned, keyword, value, references, depth);
  }
}

function writeKeyword(
  cleaned: JsonObject,
  keyword: string,
  value: unknown,
  references: SchemaReferences,
  depth: number,
): void {
  const cleanAny = (schema: unknown) => cleanNode(isJsonObject(schema) ? schema : {}, references, depth);
  switch (keyword) {
    case "type":
      writeType(cleaned, value);
      break;
    case "const":
      cleaned["enum"] = [value];
      break;
    case "format":
      if (typeof value === "string" && knownFormats.includes(value)) cleaned[keyword] = value;
      break;
    case "properties":
      cleaned[keyword] = isJsonObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([name, schema]) => [name, withType(cleanAny(schema))]),
          )
        : {};
      break;
    case "items":
      cleaned[keyword] = withType(cleanAny(Array.isArray(value) ? value[0] : value));
      break;
    case "anyOf":
    case "oneOf":
      if (Array.isArray(value)) {
        const others = value.filter((schema) => !isJsonObject(schema) || schema["type"] !== "null");
        if (others.length < value.length) cleaned["nullable"] = true;
        const [only] = others;
        // Written into the same object: otherwise each step of a chain of such choices would copy the rest of it.
        if (others.length > 1) cleaned["anyOf"] = others.map(cleanAny);
        else if (isJsonObject(only)) writeNode(cleaned, only, references, depth);
      }
      break;
    case "allOf":
      if (Array.isArray(value)) cleaned[keyword] = value.map(cleanAny);
      break;
    default:
      cleaned[keyword] = value;
  }
}

/** `["string", "null"]` is a string that may be null; several types are alternatives. */
function writeType(cleaned: JsonObject, value: unknown): void {
  const named: readonly unknown[] = Array.isArray(value) ? value : [value];
  const types = named.filter((type) => type !== "null");
  if (types.length === 1) cleaned["type"] = types[0];
  else if (types.length > 1) cleaned["anyOf"] = types.map((type) => ({ type }));
  if (types.length < named.length) cleaned["nullable"] = true;
}

/** A list must have `items`, and nothing else may have it. */
function giveItems(cleaned: JsonObject): void {
  const { type, anyOf } = cleaned;
  if (type === "array") cleaned["items"] ??= anything;
  if (type !== undefined || !Array.isArray(anyOf)) return;
  const { items = anything } = cleaned;
  delete cleaned["items"];
  cleaned["anyOf"] = anyOf.map((alternative) =>
    isJsonObject(alternative) && alternative["type"] === "array" && alternative["items"] === undefined
      ? { ...alternative, items }
      : alternative,
  );
}

/** The replacement for an empty schema. */
const anything: JsonObject = { type: "string" };

/** Gives a property the type that it needs; guesses it from the other members if there is none. */
export function withType(schema: JsonObject): JsonObject {
  if (schema["type"] !== undefined || schema["anyOf"] !== undefined) return schema;
  const type = isJsonObject(schema["properties"]) ? "object" : schema["items"] ? "array" : "string";
  return { type, ...schema };
}

function keepKnownRequired(cleaned: JsonObject): void {
  const { required, properties } = cleaned;
  if (!Array.isArray(required)) return;
  const known = required.filter((name) => isJsonObject(properties) && Object.hasOwn(properties, name));
  if (known.length === 0) delete cleaned["required"];
  else cleaned["required"] = known;
}

function keepStringEnum(cleaned: JsonObject): void {
  const values = cleaned["enum"];
  if (values === undefined) return;
  const strings = Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
  if (strings.length === 0) delete cleaned["enum"];
  else cleaned["enum"] = strings;
}
