import { describe, expect, test } from "bun:test";
import { isJsonObject, type JsonObject } from "../../../src/json/json-value.ts";
import type { ProfileId } from "../../../src/profiles/profile-ids.ts";
import { profileIds } from "../../../src/profiles/profile-ids.ts";
import { build } from "../../protocols/chat/request/build.ts";
import { findSchemaReader } from "../../support/strict/schema-rules.ts";
import { findViolations } from "../../support/strict-rules.ts";
import { surveyedSchemas } from "../../support/surveyed-schemas.ts";

/** All schemas inside, with the root. What is a name of a property is not looked at. */
function listSchemas(schema: unknown): JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const { properties, $defs, items, anyOf, oneOf, allOf } = schema;
  const byName = [properties, $defs].flatMap((named) => (isJsonObject(named) ? Object.values(named) : []));
  const lists = [anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return [schema, ...[...byName, ...lists, items].flatMap(listSchemas)];
}

const upstreams: readonly (readonly [ProfileId, string])[] = [
  ...profileIds.map((profile) => [profile, "m"] as const),
  ["openrouter", "anthropic/claude-opus-4.6"],
  ["openrouter", "openai/gpt-5.6"],
  ["openrouter", "google/gemini-3-pro"],
  ["openrouter", "moonshotai/kimi-k2.6"],
];

describe.each(upstreams)(
  "[1.3.1:always 1.3.1:openai 1.3.1:llamacpp 1.3.1:gemini 1.3.1:kimi] a strict %s with %s takes",
  (profile, model) => {
    test.each(surveyedSchemas)("%s, for an output", (_tool, schema) => {
      const output_config = { format: { type: "json_schema", schema } };
      expect(findViolations(build({ output_config }, { profile, model }), profile)).toEqual([]);
    });

    test.each(surveyedSchemas)("%s", (_tool, input_schema) => {
      const chatRequest = build({ tools: [{ name: "T", input_schema }] }, { profile, model });
      expect(findViolations(chatRequest, profile)).toEqual([]);
      // Nobody loses a property.
      if (findSchemaReader(profile, model) === null) return;
      const [tool] = chatRequest.tools ?? [];
      const sent = tool?.type === "function" ? tool.function.parameters : undefined;
      const names = listSchemas(input_schema).flatMap(({ properties }) => Object.keys(properties ?? {}));
      const sentNames = new Set(listSchemas(sent).flatMap(({ properties }) => Object.keys(properties ?? {})));
      expect(names.filter((name) => !sentNames.has(name))).toEqual([]);
    });
  },
);
