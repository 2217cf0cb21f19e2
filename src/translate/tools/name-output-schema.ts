import type { JsonObject } from "../../json/json-value.ts";
import type { ToolTraits } from "../../profiles/model-traits.ts";
import { cleanSchemaForLlamacpp } from "./clean-schema-for-grammars.ts";
import { isStrictSchema } from "./is-strict-schema.ts";

/** A schema for the answer, under the name that the API asks for. */
export interface NamedSchema {
  name: "output";
  schema: JsonObject;
  strict?: true;
}

/** The client's schema for the answer as the upstream accepts it (rule 1.1). */
export function nameOutputSchema(
  schema: JsonObject,
  { schemaCleaning }: Pick<ToolTraits, "schemaCleaning">,
): NamedSchema {
  const held = schemaCleaning === "llamacpp" ? cleanSchemaForLlamacpp(schema) : schema;
  // OpenAI and others refuse `strict` for a schema that leaves anything open.
  return { name: "output", schema: held, ...(isStrictSchema(held) && { strict: true }) };
}
