import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import type { ToolTraits } from "../../profiles/model-traits.ts";
import { cleanSchemaForGemini } from "./clean-schema-for-gemini.ts";
import { cleanSchemaForLlamacpp } from "./clean-schema-for-grammars.ts";
import { cleanSchemaForKimi } from "./clean-schema-for-kimi.ts";
import { cleanSchemaForOpenai } from "./clean-schema-for-openai.ts";
import { findDefinition } from "./find-definition.ts";
import { createReferenceBudget, type ReferenceBudget } from "./schema-references.ts";

/**
 * The input schema of a tool in the form that the upstream accepts (rule 1.3.1): always an object schema with
 * `properties`, the members in their order. `references` is the budget for the references of all schemas in the
 * request.
 */
export function cleanSchema(
  schema: JsonObject | null | undefined,
  cleaning: ToolTraits["schemaCleaning"],
  references: ReferenceBudget = createReferenceBudget(),
): JsonObject {
  const root = asObjectSchema(followRoot(schema ?? {}));
  switch (cleaning) {
    case "pass":
      return root;
    case "gemini":
      return cleanSchemaForGemini(root, references);
    case "kimi":
      return cleanSchemaForKimi(root);
    case "openai":
      return cleanSchemaForOpenai(root);
    case "llamacpp":
      return cleanSchemaForLlamacpp(root);
  }
}

/** Generators of schemas often put everything under a name, and a reference to it at the top. */
function followRoot(schema: JsonObject): JsonObject {
  if (typeof schema["$ref"] !== "string") return schema;
  const { $ref: reference, ...others } = schema;
  const target = findDefinition(String(reference), schema);
  return target === undefined ? schema : { ...target, ...others };
}

function asObjectSchema(schema: JsonObject): JsonObject {
  const members = withoutUselessKeywords(schema);
  if (members["type"] === "object" && isJsonObject(members["properties"])) return members;
  const { type: _, properties, ...others } = members;
  return { type: "object", properties: isJsonObject(properties) ? properties : {}, ...others };
}

/**
 * Removes keywords that say nothing about the input and confuse some servers; returns the same object if there are
 * none.
 */
function withoutUselessKeywords(schema: JsonObject): JsonObject {
  const { $schema, $id, $comment } = schema;
  if ($schema === undefined && $id === undefined && $comment === undefined) return schema;
  const { $schema: _, $id: __, $comment: ___, ...others } = schema;
  return others;
}
