import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { findDefinition } from "./find-definition.ts";

/** Definitions may refer to themselves; deeper than this, anything goes. */
const maxReferenceDepth = 8;
/** Definitions that refer to each other many times would fill the memory: they are followed less deep. */
const maxReferences = 1000;

/** How far references are followed, and how many were met, followed or not. */
interface References {
  readonly root: JsonObject;
  readonly maxDepth: number;
  met: number;
}

const droppedKeywords = new Set([
  ..."additionalProperties patternProperties propertyNames exclusiveMinimum exclusiveMaximum".split(" "),
  ..."default examples if then else not contentEncoding $schema $id $comment $defs definitions".split(" "),
]);
const knownFormats = ["enum", "date-time"];

/**
 * The subset of JSON schema that Gemini's function declarations take (rule 1.3.1). Source: error texts of the
 * native API, 2024 and 2025.
 */
export function cleanSchemaForGemini(root: JsonObject): JsonObject {
  for (let maxDepth = maxReferenceDepth; maxDepth > 1; maxDepth -= 1) {
    const references: References = { root, maxDepth, met: 0 };
    const cleaned = cleanNode(root, references, 0);
    if (references.met <= maxReferences) return cleaned;
  }
  return cleanNode(root, { root, maxDepth: 1, met: Number.NEGATIVE_INFINITY }, 0);
}

function cleanNode(node: JsonObject, references: References, depth: number): JsonObject {
  if (typeof node["$ref"] === "string") {
    const { $ref: reference, ...siblings } = node;
    references.met += 1;
    const isFollowed = depth < references.maxDepth && references.met <= maxReferences;
    const target = isFollowed ? findDefinition(String(reference), references.root) : undefined;
    return cleanNode({ ...target, ...siblings }, references, depth + 1);
  }
  const cleaned: JsonObject = {};
  for (const [keyword, value] of Object.entries(node)) {
    if (!droppedKeywords.has(keyword)) writeKeyword(cleaned, keyword, value, references, depth);
  }
  keepKnownRequired(cleaned);
  keepStringEnum(cleaned);
  return cleaned;
}

function writeKeyword(
  cleaned: JsonObject,
  keyword: string,
  value: unknown,
  references: References,
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
      if (Array.isArray(value)) writeAlternatives(cleaned, value, cleanAny);
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

function writeAlternatives(
  cleaned: JsonObject,
  alternatives: readonly unknown[],
  clean: (schema: unknown) => JsonObject,
): void {
  const others = alternatives
    .filter((schema) => !isJsonObject(schema) || schema["type"] !== "null")
    .map(clean);
  if (others.length < alternatives.length) cleaned["nullable"] = true;
  if (others.length === 1) Object.assign(cleaned, others[0]);
  else if (others.length > 1) cleaned["anyOf"] = others;
}

/** Every property needs a type; where none is given it is guessed from the rest. */
function withType(schema: JsonObject): JsonObject {
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
