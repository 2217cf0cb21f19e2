import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import type { Profile } from "../../profiles/profile.ts";
import { cleanSchemaForGemini } from "./clean-schema-for-gemini.ts";
import { cleanSchemaForKimi } from "./clean-schema-for-kimi.ts";
import { findDefinition } from "./find-definition.ts";

/** Say nothing about the input, and confuse some servers. */
const uselessKeywords = new Set(["$schema", "$id", "$comment"]);

/**
 * The input schema of a tool as the upstream takes it (rule 1.3.1): always an object schema with `properties`, the
 * members in their order.
 */
export function cleanSchema(
  schema: JsonObject | null | undefined,
  cleaning: Profile["schemaCleaning"],
): JsonObject {
  const root = asObjectSchema(followRoot(schema ?? {}));
  switch (cleaning) {
    case "pass":
      return root;
    case "gemini":
      return cleanSchemaForGemini(root);
    case "kimi":
      return cleanSchemaForKimi(root);
  }
}

/** Generators of schemas like to put everything under a name, and a reference to it on top. */
function followRoot(schema: JsonObject): JsonObject {
  const { $ref: reference, ...others } = schema;
  const target = typeof reference === "string" ? findDefinition(reference, schema) : undefined;
  return target === undefined ? schema : { ...target, ...others };
}

function asObjectSchema(schema: JsonObject): JsonObject {
  const members = Object.entries(schema).filter(([keyword]) => !uselessKeywords.has(keyword));
  const { type, properties, ...others } = Object.fromEntries(members);
  const isComplete = type === "object" && isJsonObject(properties);
  if (isComplete) return Object.fromEntries(members);
  return { type: "object", properties: isJsonObject(properties) ? properties : {}, ...others };
}
