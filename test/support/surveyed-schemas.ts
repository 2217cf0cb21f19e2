import type { JsonObject } from "../../src/json/json-value.ts";

const string = { type: "string" };

function object(properties: object, extra: object = {}): JsonObject {
  return { type: "object", properties, ...extra };
}

/** What tools of Claude Code and of known MCP servers have in their schemas that somebody refused; see docs/models.md. */
export const surveyedSchemas: readonly [tool: string, schema: JsonObject][] = [
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
