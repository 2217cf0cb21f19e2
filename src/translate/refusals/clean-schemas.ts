import type { JsonObject } from "../../json/json-value.ts";
import { cleanSchemaForGrammars, typeEveryProperty } from "../tools/clean-schema-for-grammars.ts";
import { cleanSchemaForOpenai } from "../tools/clean-schema-for-openai.ts";

/** The way in which the schemas of a refused request are simplified. */
export type SchemaRules = "grammar" | "openai" | "typed";

/** By rules: the simpler schema, or the same object. */
export const schemaCleanings: Readonly<Record<SchemaRules, (schema: JsonObject) => JsonObject>> = {
  grammar: cleanSchemaForGrammars,
  openai: cleanSchemaForOpenai,
  typed: typeEveryProperty,
};
