import { expect, test } from "bun:test";
import { expectCase, request, type StrictCase, tool, user, withTools } from "./strict-case.ts";

const string = { type: "string" };
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const take = (parameters: object) => withTools({}, tool("a", { parameters }));
/** What is said of the schema of the only tool. */
const of = (...faults: string[]) => faults.map((fault) => `tools[0].function.parameters: ${fault}`);
const openai = { family: "openai" } as const;
const llamacpp = { family: "llamacpp" } as const;
const gemini = { family: "gemini" } as const;
const kimi = { family: "kimi" } as const;
const format = (schema: object, more: object = {}) => ({
  ...request(user()),
  response_format: { type: "json_schema", json_schema: { name: "output", schema, ...more } },
});
const tooMany = "number of repetitions exceeds sane defaults, please reduce the number of repetitions";
const unanchored = "Pattern must start with '^' and end with '$'";

const schemaCases: StrictCase[] = [
  {
    ...openai,
    rule: "demands what is in a list",
    good: take(object({ a: { type: "array", items: {} }, items: string, b: { default: { type: "array" } } })),
    bad: take(
      object({ a: { type: "array" }, b: { type: "object", properties: { c: { type: ["null", "array"] } } } }),
    ),
    says: of(
      "In context=('properties', 'a'), array schema missing items",
      "In context=('properties', 'b', 'properties', 'c'), array schema missing items",
    ),
  },
  {
    ...openai,
    rule: "demands what is in a list of an alternative",
    good: take(object({ a: { anyOf: [{ type: "array", items: string }] } })),
    bad: take(object({ a: { anyOf: [string, { type: "array", items: { type: "array" } }] } })),
    says: of("In context=('properties', 'a', 'anyOf', '1', 'items'), array schema missing items"),
  },
  {
    ...openai,
    rule: "demands tuples as they are written today",
    good: take(object({ a: { type: "array", prefixItems: [string], items: {} } })),
    bad: take(object({ a: { type: "array", items: [string] } })),
    says: of(`[{"type":"string"}] is not of type 'object', 'boolean'`),
  },
  ...["oneOf", "anyOf", "allOf", "enum", "not"].map((keyword) => ({
    ...openai,
    rule: `demands no ${keyword} at the top`,
    good: take(object({ a: { [keyword]: keyword === "not" ? {} : [] }, [keyword]: string })),
    bad: take(object({}, { [keyword]: keyword === "not" ? {} : [] })),
    says: of(`schema must have type 'object' and not have '${keyword}' at the top level`),
  })),
  ...["\\p{Cc}", "\\u{1F600}", "(?<name>a)", "\\cA", "\\k<name>"].map((pattern) => ({
    ...openai,
    rule: `demands patterns that Python reads: ${pattern}`,
    good: take(object({ a: { ...string, pattern: "^\\d\\s\\w\\.\\u00e9(?<=a)(?!b)\\\\p$" } })),
    bad: take(object({ a: { ...string, pattern } })),
    says: of(`'${pattern}' is not a 'regex'`),
  })),
  {
    ...llamacpp,
    rule: "demands few repetitions",
    good: take(
      object({ a: { ...string, maxLength: 1999 }, b: { type: "array", maxItems: 1999 }, maxLength: string }),
    ),
    bad: take(
      object({
        a: { ...string, maxLength: 2000 },
        b: { ...string, minLength: 2000 },
        c: { type: "array", items: {}, maxItems: 2000 },
        d: { type: "array", items: {}, minItems: 2000 },
      }),
    ),
    says: of(tooMany, tooMany, tooMany, tooMany),
  },
  {
    ...llamacpp,
    rule: "demands few repetitions inside of repetitions",
    good: take(object({ a: { type: "array", maxItems: 100, items: { ...string, maxLength: 19 } } })),
    bad: take(object({ a: { type: "array", maxItems: 100, items: { ...string, maxLength: 20 } } })),
    says: of(tooMany),
  },
  ...["a$", "^a", "a"].map((pattern) => ({
    ...llamacpp,
    rule: `demands patterns with both anchors: ${pattern}`,
    good: take(object({ a: { ...string, pattern: "^a$" } })),
    bad: take(object({ a: { ...string, pattern } })),
    says: of(unanchored),
  })),
  {
    ...llamacpp,
    rule: "demands escapes that a grammar has",
    good: take(object({ a: { ...string, pattern: "^\\.\\n\\[$" } })),
    bad: take(object({ a: { ...string, pattern: "^\\d{4}$" }, b: { ...string, pattern: "^[\\w-]$" } })),
    says: of("unknown escape at \\d", "unknown escape at \\w"),
  },
  {
    ...llamacpp,
    rule: "demands patterns that look at nothing",
    good: take(object({ a: { ...string, pattern: "^(?:a|b)$" } })),
    bad: take(object({ a: { ...string, pattern: "^(?!a).*$" } })),
    says: of("Unsupported pattern syntax"),
  },
  {
    ...llamacpp,
    rule: "demands no patterns in inner objects",
    good: take(object({ a: { ...string, pattern: "^a$" } })),
    bad: take(object({ a: object({ b: { ...string, pattern: "^a$" } }) })),
    says: of("expecting name at the pattern of an inner object"),
  },
  {
    ...llamacpp,
    rule: "demands schemas that are objects",
    good: take(object({ a: { type: "array", items: {} } }, { additionalProperties: true })),
    bad: take(object({ a: true, b: { type: "array", items: true } })),
    says: of("Unrecognized schema: true", "Unrecognized schema: true"),
  },
  {
    ...llamacpp,
    rule: "demands an output that a grammar can be made of",
    good: format(object({ a: { ...string, maxLength: 10 } })),
    bad: format(object({ a: { ...string, pattern: "a" } })),
    says: [unanchored],
  },
  {
    family: "lmstudio",
    rule: "demands of LM Studio what its engine takes",
    good: take(object({ a: string })),
    bad: take(object({ a: { ...string, maxLength: 9999 } })),
    says: of(tooMany),
  },
  {
    ...gemini,
    rule: "demands keywords that Gemini knows",
    good: take(object({ $ref: string, a: { ...string, description: "d", format: "date-time" } })),
    bad: take(
      object(
        { a: { $ref: "#/$defs/A" }, b: { ...string, const: "x", format: "uri" } },
        { $defs: { A: string } },
      ),
    ),
    says: of(
      'Unknown name "$defs": Cannot find field',
      'Unknown name "$ref": Cannot find field',
      "properties.a: schema didn't specify the schema type field",
      'Unknown name "const": Cannot find field',
      "only 'enum' and 'date-time' are supported for STRING type",
    ),
  },
  {
    ...gemini,
    rule: "demands one type",
    good: take(object({ a: { ...string, nullable: true }, b: { anyOf: [string, { type: "number" }] } })),
    bad: take(object({ a: { type: ["string", "null"] }, b: { description: "d" }, c: true })),
    says: of(
      'Unknown name "type": Proto field is not repeating',
      "properties.b: schema didn't specify the schema type field",
      "Proto field is not repeating, cannot start list",
    ),
  },
  {
    ...gemini,
    rule: "demands what is in a list, and only there",
    good: take(object({ a: { type: "array", items: string } })),
    bad: take(object({ a: { type: "array" }, b: { ...string, items: string } })),
    says: of("properties.a.items: missing field", "properties.b.items: only allowed for ARRAY type"),
  },
  {
    ...gemini,
    rule: "demands values that are texts",
    good: take(object({ a: { ...string, enum: ["1"] } })),
    bad: take(object({ a: { ...string, enum: ["1", 2] } })),
    says: of("enum: only allowed for STRING type"),
  },
  {
    ...gemini,
    rule: "demands required members that there are",
    good: take(object({ a: string }, { required: ["a"] })),
    bad: take(object({ a: string }, { required: ["a", "b"] })),
    says: of("required: property is not defined"),
  },
  {
    ...kimi,
    rule: "demands references alone",
    good: take(object({ a: { $ref: "#/$defs/A" } }, { $defs: { A: string } })),
    bad: take(object({ a: { $ref: "#/$defs/A", description: "d" } }, { $defs: { A: string } })),
    says: of("keywords beside $ref"),
  },
  {
    ...kimi,
    rule: "demands no type beside alternatives",
    good: take(object({ a: { anyOf: [string] } })),
    bad: take(object({ a: { ...string, anyOf: [string] } }, { anyOf: [] })),
    says: of(
      "when using anyOf, type should be defined in its items",
      "when using anyOf, type should be defined in its items",
    ),
  },
  {
    ...kimi,
    rule: "demands one schema for a list, and objects for properties",
    good: take(object({ a: { type: "array", items: string, prefixItems: [string] } })),
    bad: take(object({ a: { type: "array", items: [string] }, b: true })),
    says: of("items must be a schema", "properties.b is no object"),
  },
  {
    rule: "demands an output for strict",
    good: format(object({ a: string }, { required: ["a"], additionalProperties: false }), { strict: true }),
    bad: format(object({ a: string }, { additionalProperties: false }), { strict: true }),
    says: ["response_format.json_schema.schema is no schema for strict"],
  },
  ...[
    ["openai/gpt-5.6", "array schema missing items"],
    ["anthropic/claude-opus-4.6", "array schema missing items"],
    ["google/gemini-3-pro", "items: missing field"],
  ].map(([model, text]) => ({
    family: "openrouter" as const,
    rule: `demands behind OpenRouter what ${model} takes`,
    good: { ...take(object({ a: { type: "array", items: string } })), model },
    bad: { ...take(object({ a: { type: "array" } })), model },
    says: [expect.stringContaining(String(text))],
  })),
  {
    family: "openrouter",
    rule: "demands behind OpenRouter what Kimi takes",
    good: { ...take(object({ a: { type: "array" } })), model: "moonshotai/kimi-k2.6" },
    bad: { ...take(object({ a: true })), model: "moonshotai/kimi-k2.6" },
    says: of("properties.a is no object"),
  },
  ...(["generic", "ollama", "vllm", "mistral"] as const).map((family) => ({
    family,
    rule: `demands nothing of the schemas of ${family}`,
    good: take(
      object({ a: { type: "array", maxItems: 9999 }, b: { ...string, pattern: "\\p{L}" } }, { anyOf: [] }),
    ),
    bad: take({}),
    says: ['tools[0].function.parameters.type must be "object"'],
  })),
];

test.each(schemaCases.map((item) => [item.rule, item] as const))("%s", (_, item) => {
  expectCase(item);
});
