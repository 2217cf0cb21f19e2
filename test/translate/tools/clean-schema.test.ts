import { describe, expect, test } from "bun:test";
import { cleanSchema } from "../../../src/translate/tools/clean-schema.ts";
import { build } from "../../protocols/chat/request/build.ts";

const string = { type: "string" };

function object(properties: object, extra: object = {}): { [key: string]: unknown } {
  return { type: "object", properties, ...extra };
}

describe("always", () => {
  test.each([
    [undefined, object({})],
    [null, object({})],
    [{}, object({})],
    [{ $schema: "x", $id: "y", $comment: "z", ...object({ a: string }) }, object({ a: string })],
    [{ properties: { a: string }, required: ["a"] }, object({ a: string }, { required: ["a"] })],
    [{ type: "string" }, object({})],
    [{ type: ["object", "null"], properties: { a: string } }, object({ a: string })],
    [{ type: "object", additionalProperties: true }, object({}, { additionalProperties: true })],
  ])("[1.3.1:always] %j", (schema, expected) => {
    expect<unknown>(cleanSchema(schema, "pass")).toEqual(expected);
  });

  test("[1.3.1:others] everything else passes untouched, in its order", () => {
    const schema = {
      required: ["b"],
      type: "object",
      additionalProperties: false,
      properties: { b: { $ref: "#/$defs/B", default: 1 }, a: { type: ["string", "null"], format: "uri" } },
      $defs: { B: { const: 1, $comment: "kept here" } },
    };
    expect(JSON.stringify(cleanSchema(schema, "pass"))).toBe(JSON.stringify(schema));
  });
});

/** What becomes of one property. */
function property(schema: unknown, cleaning: "gemini" | "kimi", extra: object = {}): unknown {
  const cleaned = cleanSchema(object({ p: schema }, extra), cleaning)["properties"];
  return Object(cleaned).p;
}

describe("[1.3.1:gemini] Gemini", () => {
  test.each([
    [
      "unknown keywords go",
      { ...string, default: "a", examples: ["b"], exclusiveMinimum: 1, not: {} },
      string,
    ],
    [
      "known ones stay",
      { ...string, description: "d", minLength: 1 },
      { ...string, description: "d", minLength: 1 },
    ],
    ["a format it knows", { ...string, format: "date-time" }, { ...string, format: "date-time" }],
    ["a format it does not know", { ...string, format: "uri" }, string],
    ["a constant", { const: "a" }, { type: "string", enum: ["a"] }],
    ["a constant that is no string", { type: "integer", const: 1 }, { type: "integer" }],
    ["enums of strings only", { enum: ["a", 1, null] }, { type: "string", enum: ["a"] }],
    ["maybe null", { type: ["string", "null"] }, { type: "string", nullable: true }],
    ["two types", { type: ["string", "integer"] }, { anyOf: [string, { type: "integer" }] }],
    ["a choice with null", { anyOf: [string, { type: "null" }] }, { type: "string", nullable: true }],
    ["nothing but null", { anyOf: [{ type: "null" }] }, { type: "string", nullable: true }],
    ["the type null", { type: ["null"] }, { type: "string", nullable: true }],
    ["oneOf", { oneOf: [string, { type: "integer" }] }, { anyOf: [string, { type: "integer" }] }],
    ["no type", { description: "d" }, { type: "string", description: "d" }],
    ["anything", true, string],
    ["properties that are none", { type: "object", properties: [] }, object({})],
    ["an object by its properties", { properties: { a: {} } }, object({ a: string })],
    ["an array by its items", { items: {} }, { type: "array", items: string }],
    [
      "a tuple",
      { type: "array", items: [{ type: "integer" }, string] },
      { type: "array", items: { type: "integer" } },
    ],
    ["a list of nobody knows what", { type: "array" }, { type: "array", items: string }],
    [
      "a list of such lists, or null",
      { type: ["array", "null"], items: { type: "array" } },
      { type: "array", nullable: true, items: { type: "array", items: string } },
    ],
    [
      "a list or something else, with its items",
      { type: ["array", "integer"], items: { type: "integer" } },
      { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "integer" }] },
    ],
    [
      "a choice of lists",
      { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "array" }] },
      {
        anyOf: [
          { type: "array", items: { type: "integer" } },
          { type: "array", items: string },
        ],
      },
    ],
    [
      "required names that exist",
      object({ a: string }, { required: ["a", "b"] }),
      object({ a: string }, { required: ["a"] }),
    ],
    ["required names that do not", object({}, { required: ["b"], additionalProperties: false }), object({})],
    [
      "a property called default",
      object({ default: string, not: string }),
      object({ default: string, not: string }),
    ],
    ["parts of a whole", { allOf: [{ ...string, default: "a" }] }, { type: "string", allOf: [string] }],
  ])("%s", (_, schema, expected) => {
    expect(property(schema, "gemini")).toEqual(expected);
  });

  test("a type that is only null is a string that may be null", () => {
    expect(property({ type: "null" }, "gemini")).toEqual({ type: "string", nullable: true });
  });

  test("references are written out", () => {
    const $defs = { "a/b": { $ref: "#/$defs/c" }, c: { ...string, description: "c" } };
    const schema = object(
      { p: { $ref: "#/$defs/a~1b", description: "p" }, q: { $ref: "#/$defs/none" } },
      { $defs },
    );
    expect<unknown>(cleanSchema(schema, "gemini")).toEqual(
      object({ p: { ...string, description: "p" }, q: string }),
    );
  });

  test("a definition that holds itself ends after eight levels", () => {
    const $defs = { node: object({ next: { $ref: "#/$defs/node" } }) };
    let depth = 0;
    let node: unknown = property({ $ref: "#/$defs/node" }, "gemini", { $defs });
    while (Object(node).properties !== undefined) {
      node = Object(node).properties.next;
      depth += 1;
    }
    expect([depth, node]).toEqual([8, string]);
  });
});

describe("references that lead nowhere good", () => {
  /** Fifty properties that hold the definition again. */
  const names = Array.from({ length: 50 }, (_, number) => `p${number}`);
  const node = object(Object.fromEntries(names.map((name) => [name, { $ref: "#/$defs/node" }])));

  test("[1.3.1:gemini] a definition that holds itself many times is followed less deep", () => {
    const properties = Object.fromEntries(names.map((name) => [name, string]));
    expect(property({ $ref: "#/$defs/node" }, "gemini", { $defs: { node } })).toEqual(object(properties));
  });

  test.each(["anyOf", "oneOf", "allOf"])("[1.3.1:gemini] and so is one that does so by %s", (keyword) => {
    const inside = names.map((name) => [name, { [keyword]: [{ $ref: "#/$defs/node" }, string] }]);
    const many = object(Object.fromEntries(inside));
    const followed = JSON.stringify(property({ $ref: "#/$defs/node" }, "gemini", { $defs: { node: many } }));
    // Once for the property, and not once more for what is in it.
    expect(followed.split('"p7"')).toHaveLength(2);
  });

  test("[F3] a reference longer than any name points at nothing", () => {
    const [long, longest] = ["x".repeat(1000), "y".repeat(992)];
    const $defs = { [long]: { type: "number" }, [longest]: { type: "number" } };
    expect(property({ $ref: `#/$defs/${long}` }, "gemini", { $defs })).toEqual(string);
    expect(property({ $ref: `#/$defs/${longest}` }, "gemini", { $defs })).toEqual({ type: "number" });
  });

  test("[F3] what references bring is bounded for all tools of a request together", () => {
    const $defs = { long: { ...string, description: "x".repeat(400_000) } };
    const input_schema = object(Object.fromEntries(names.map((name) => [name, { $ref: "#/$defs/long" }])), {
      $defs,
    });
    const tools = ["A", "B"].map((name) => ({ name, input_schema }));
    const { tools: sent } = build({ tools }, { profile: "gemini", model: "gemini-3-pro" });
    const copies = JSON.stringify(sent).split('xxx"').length - 1;
    // 16 characters weigh as much as a value, and a request has 200,000.
    expect(copies).toBe(Math.floor(200_000 / (400_000 / 16 + 10)));
  });

  test("[1.3.1:gemini] a choice of one is written where it stands, however deep", () => {
    const deep = { anyOf: [{ type: "null" }, { oneOf: [{ ...string, enum: ["a", 1] }], description: "d" }] };
    expect(property(deep, "gemini")).toEqual({ ...string, nullable: true, enum: ["a"], description: "d" });
  });

  test("[1.3.1:gemini] a name with a slash, and one with a tilde", () => {
    const $defs = { "a/b": { type: "number" }, "a~1b": { type: "boolean" } };
    expect(property({ $ref: "#/$defs/a~1b" }, "gemini", { $defs })).toEqual({ type: "number" });
    expect(property({ $ref: "#/$defs/a~01b" }, "gemini", { $defs })).toEqual({ type: "boolean" });
  });

  test("[1.3.1:gemini] a name with a bare percent sign is a name", () => {
    const $defs = { "100%": { type: "number" } };
    expect(property({ $ref: "#/$defs/100%" }, "gemini", { $defs })).toEqual({ type: "number" });
  });
});

describe("a schema that is all reference", () => {
  const body = object({ a: string }, { required: ["a"] });
  const schema = { $ref: "#/definitions/Input", definitions: { Input: body }, $schema: "x" };

  test.each([
    ["pass", { ...body, definitions: { Input: body } }],
    ["gemini", body],
    ["kimi", { ...body, definitions: { Input: body } }],
  ] as const)("[1.3.1:always] keeps its properties: %s", (cleaning, expected) => {
    expect(cleanSchema(schema, cleaning)).toEqual(expected);
  });
});

describe("[1.3.1:kimi] Kimi", () => {
  test.each([
    ["siblings of a reference go", { $ref: "#/$defs/a", description: "d" }, { $ref: "#/$defs/a" }],
    [
      "a type beside a choice moves into it",
      {
        type: "string",
        description: "d",
        anyOf: [{ minLength: 1 }, { type: "null" }, { $ref: "#/$defs/a" }],
      },
      {
        description: "d",
        anyOf: [{ type: "string", minLength: 1 }, { type: "null" }, { $ref: "#/$defs/a" }],
      },
    ],
    ["a tuple", { type: "array", items: [string, true] }, { type: "array", prefixItems: [string, true] }],
    ["a property that may be anything", object({ a: true, b: false }), object({ a: {}, b: {} })],
    [
      "deep inside",
      { type: "array", items: object({ a: true }) },
      { type: "array", items: object({ a: {} }) },
    ],
    [
      "the rest passes",
      { ...string, format: "uri", default: "a" },
      { ...string, format: "uri", default: "a" },
    ],
    ["schemas inside", { ...string, $schema: "x" }, string],
  ])("%s", (_, schema, expected) => {
    expect(property(schema, "kimi")).toEqual(expected);
  });

  test("definitions are cleaned too, and the root stays a plain object", () => {
    const schema = object(
      { a: string },
      { anyOf: [{ required: ["a"] }], $defs: { x: { $ref: "#/$defs/y", title: "t" } } },
    );
    expect<unknown>(cleanSchema(schema, "kimi")).toEqual(
      object({ a: string }, { required: ["a"], $defs: { x: { $ref: "#/$defs/y" } } }),
    );
  });
});
