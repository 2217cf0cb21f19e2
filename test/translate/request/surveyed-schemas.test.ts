import { describe, expect, test } from "bun:test";
import { isJsonObject, type JsonObject } from "../../../src/json/json-value.ts";
import { type ProfileId, profileIds } from "../../../src/profiles/profile.ts";
import { build } from "./build.ts";

const string = { type: "string" };

function object(properties: object, extra: object = {}): JsonObject {
  return { type: "object", properties, ...extra };
}

/** What tools of Claude Code and of known MCP servers have in their schemas that somebody refused; see docs/models.md. */
const surveyed: [string, JsonObject][] = [
  [
    "Claude Code, Workflow",
    object({ script: { ...string, maxLength: 524_288 }, args: { description: "any" } }),
  ],
  [
    "Claude Code, Artifact",
    object({ path: { ...string, pattern: '^(?!__.*__$)[^\\p{Cc}"\\\\./[\\]]{1,200}$' } }),
  ],
  [
    "Claude Code, AskUserQuestion",
    object({
      questions: { type: "array", minItems: 1, maxItems: 4, items: object({ q: string }) },
      answers: { type: "object", propertyNames: string, additionalProperties: string },
    }),
  ],
  [
    "Notion, create attachment",
    {
      type: "object",
      anyOf: [object({ content: string }), object({ source_url: { ...string, format: "uri" } })],
    },
  ],
  [
    "Firecrawl",
    object({ o: object({ prompt: { ...string, maxLength: 10_000 }, n: { type: "array", maxItems: 100 } }) }),
  ],
  ["Kubernetes", object({ selector: { ...string, pattern: "([A-Za-z0-9][-A-Za-z0-9_./]*)?" } })],
  ["ClickUp", object({ due: { ...string, pattern: "^\\d{4}-\\d{2}-\\d{2}$" } })],
  [
    "email-mcp",
    object({ to: { ...string, format: "email", pattern: "^(?!\\.)(?!.*\\.\\.)[a-z]+@[a-z]+$" } }),
  ],
  ["Apify, Pulumi", object({ targets: { type: "array", description: "What" } })],
  [
    "Azure, BrowserOS",
    object({ arguments: { description: "JSON" }, any: true, list: { type: "array", items: true } }),
  ],
  ["MongoDB", object({ n: { ...string, enum: [256, 512] }, values: { type: ["array", "object"] } })],
  [
    "Excel",
    object({ rows: { type: "array", items: { anyOf: [{ type: "array", items: {} }, { type: "null" }] } } }),
  ],
  ["Atlassian", object({ properties: { type: "array", items: {} } })],
  ["fetch, Chrome DevTools", object({ n: { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 1e6 } })],
  [
    "AWS diagrams, Snowflake",
    object(
      { kind: { $ref: "#/$defs/Kind", default: "all" } },
      { $defs: { Kind: { ...string, enum: ["all"] } } },
    ),
  ],
  ["dbx", object({ tables: { type: ["array", "null"], items: string } })],
  [
    "Playwright",
    { $schema: "http://json-schema.org/draft-07/schema#", ...object({}), additionalProperties: false },
  ],
  ["taskwarrior", { $schema: "http://json-schema.org/draft-07/schema#" }],
  [
    "sequential thinking",
    object({
      n: { type: "integer", minimum: 1, maximum: 9_007_199_254_740_991 },
      b: { anyOf: [{ type: "boolean" }, string] },
    }),
  ],
  [
    "GitHub, actions_run_trigger",
    object({ inputs: object({}), method: { ...string, enum: ["run", "rerun"] } }),
  ],
];

/** All schemas inside, with the root. What is a name of a property is not looked at. */
function listSchemas(schema: unknown): JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const { properties, $defs, items, anyOf, oneOf, allOf } = schema;
  const byName = [properties, $defs].flatMap((named) => (isJsonObject(named) ? Object.values(named) : []));
  const lists = [anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return [schema, ...[...byName, ...lists, items].flatMap(listSchemas)];
}

const isList = ({ type }: JsonObject) => type === "array" || (Array.isArray(type) && type.includes("array"));
const without = (schemas: JsonObject[], keywords: string[]) =>
  schemas.every((schema) => keywords.every((keyword) => !(keyword in schema)));

/** What the family is known to refuse, read anew from its texts. */
const accepts: Partial<Record<ProfileId, (root: JsonObject) => boolean>> = {
  openai: (root) =>
    without([root], ["anyOf", "oneOf", "allOf", "enum", "not"]) &&
    listSchemas(root).every(
      (schema) =>
        (!isList(schema) || isJsonObject(schema["items"])) &&
        !JSON.stringify(schema["pattern"] ?? "").includes("p{"),
    ),
  llamacpp: (root) =>
    without(listSchemas(root), ["pattern"]) &&
    listSchemas(root).every((schema) =>
      [schema["maxLength"], schema["maxItems"]].every((limit) => limit === undefined || Number(limit) < 2000),
    ) &&
    !JSON.stringify(root).includes(':true,"list"'),
  gemini: (root) =>
    without(listSchemas(root), [
      "$ref",
      "$defs",
      "propertyNames",
      "exclusiveMinimum",
      "exclusiveMaximum",
      "oneOf",
    ]) &&
    listSchemas(root).every(
      (schema) =>
        !Array.isArray(schema["type"]) &&
        (schema["type"] === "array") === isJsonObject(schema["items"]) &&
        (!Array.isArray(schema["enum"]) || schema["enum"].every((value) => typeof value === "string")),
    ),
  kimi: (root) =>
    without([root], ["anyOf"]) && listSchemas(root).every((s) => !("anyOf" in s && "type" in s)),
};

describe.each(profileIds)(
  "[1.3.1:always 1.3.1:openai 1.3.1:llamacpp 1.3.1:gemini 1.3.1:kimi] at %s",
  (profile) => {
    test.each(surveyed)("%s", (_tool, input_schema) => {
      const { tools } = build({ tools: [{ name: "T", input_schema }] }, { profile });
      const [tool] = tools ?? [];
      const sent = tool?.type === "function" ? tool.function.parameters : undefined;
      expect(sent).toMatchObject({ type: "object", properties: {} });
      const rules = profile === "lmstudio" ? accepts.llamacpp : accepts[profile];
      if (rules !== undefined && sent !== undefined) expect([rules(sent), sent]).toEqual([true, sent]);
      // Nobody loses a property.
      const names = listSchemas(input_schema).flatMap(({ properties }) => Object.keys(properties ?? {}));
      const sentNames = new Set(listSchemas(sent).flatMap(({ properties }) => Object.keys(properties ?? {})));
      if (rules !== undefined) expect(names.filter((name) => !sentNames.has(name))).toEqual([]);
    });
  },
);
