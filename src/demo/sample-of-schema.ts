import { isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.ts";

/** The value for any string about which a schema says nothing else. */
const sampleText = "demonstration";

const sampleOfFormat = new Map(
  Object.entries({
    date: "2000-01-01",
    "date-time": "2000-01-01T00:00:00Z",
    time: "00:00:00Z",
    email: "demonstration@example.com",
    uri: "https://example.com/",
    uuid: "00000000-0000-4000-8000-000000000000",
    ipv4: "127.0.0.1",
  }),
);

/** Schemas may refer to themselves; required values below this depth become null. */
const deepest = 16;

/**
 * The smallest value that is valid for a JSON schema: required properties only, as few items as allowed, the first
 * alternative. Limits that need a search (`pattern`, `multipleOf`, `uniqueItems`, `not`) are ignored. Null for a value
 * that is no schema. Source: JSON Schema 2020-12, the part that tool parameters and structured output use.
 */
export function sampleOfSchema(schema: unknown, root: unknown = schema, depth = 0): JsonValue {
  if (!isJsonObject(schema) || depth > deepest) return null;
  const given = givenValue(schema);
  if (given !== undefined) return given;
  const sample = (inner: unknown) => sampleOfSchema(inner, root, depth + 1);
  if (typeof schema["$ref"] === "string") return sample(resolvePointer(root, schema["$ref"]));
  const alternatives = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(alternatives)) return sample(alternatives[0]);
  if (Array.isArray(schema["allOf"])) return sample(mergeSchemas(schema["allOf"]));
  switch (typeOfSchema(schema)) {
    case "object":
      return sampleObject(schema, sample);
    case "array":
      return Array.from({ length: numberOr(schema["minItems"], 0) }, (_, index) =>
        sample(Array.isArray(schema["prefixItems"]) ? schema["prefixItems"][index] : schema["items"]),
      );
    case "string":
      return sampleString(schema);
    case "number":
    case "integer":
      return sampleNumber(schema);
    case "boolean":
      return false;
    default:
      return null;
  }
}

/** A value that the schema itself names, if it names one. */
function givenValue(schema: JsonObject): JsonValue | undefined {
  const lists = [[schema["const"]], [schema["default"]], schema["enum"], schema["examples"]];
  return lists
    .filter((list): list is JsonValue[] => Array.isArray(list))
    .flat()
    .find((value) => value !== undefined);
}

function typeOfSchema(schema: JsonObject): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((name) => name !== "null") ?? "null";
  if (type !== undefined) return type;
  return isJsonObject(schema["properties"]) ? "object" : "string";
}

function sampleObject(schema: JsonObject, sample: (schema: unknown) => JsonValue): JsonObject & JsonValue {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const listed: unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const required = listed.filter((name) => typeof name === "string");
  return Object.fromEntries(required.map((name) => [name, sample(ownMember(properties, name) ?? {})]));
}

function sampleString(schema: JsonObject): string {
  const { format } = schema;
  const text = (typeof format === "string" && sampleOfFormat.get(format)) || sampleText;
  const longest = numberOr(schema["maxLength"], text.length);
  return text.slice(0, longest).padEnd(numberOr(schema["minLength"], 0), ".");
}

/** The number closest to 0 within the limits. */
function sampleNumber(schema: JsonObject): number {
  const lowest = Math.max(
    numberOr(schema["minimum"], Number.NEGATIVE_INFINITY),
    numberOr(schema["exclusiveMinimum"], Number.NEGATIVE_INFINITY) + 1,
  );
  const highest = Math.min(
    numberOr(schema["maximum"], Number.POSITIVE_INFINITY),
    numberOr(schema["exclusiveMaximum"], Number.POSITIVE_INFINITY) - 1,
  );
  return Math.max(lowest, Math.min(highest, 0));
}

/** One schema with the properties and requirements of all. */
function mergeSchemas(schemas: unknown[]): JsonObject {
  const objects = schemas.filter(isJsonObject);
  return {
    ...Object.assign({}, ...objects),
    properties: Object.assign({}, ...objects.map((schema) => schema["properties"])),
    required: objects.flatMap((schema) => schema["required"] ?? []),
  };
}

/** Resolves `#/$defs/name` within the root schema; undefined if it points to nothing. */
function resolvePointer(root: unknown, pointer: string): unknown {
  const path = pointer.split("/").slice(1);
  return path.reduce<unknown>((node, name) => (isJsonObject(node) ? ownMember(node, name) : undefined), root);
}

/** A member whose name comes from outside: `constructor` is no member of `{}`. */
function ownMember(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
