import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../src/json/json-value.ts";
import { cleanSchema } from "../../../src/translate/tools/clean-schema.ts";
import {
  cleanSchemaForGrammars,
  typeEveryProperty,
} from "../../../src/translate/tools/clean-schema-for-grammars.ts";
import { mapSchemas } from "../../../src/translate/tools/map-schemas.ts";

const string = { type: "string" };

function object(properties: object, extra: object = {}): JsonObject {
  return { type: "object", properties, ...extra };
}

describe("[1.3.1:openai] OpenAI", () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      "a list says what is in it",
      object({ a: { type: "array", description: "d" } }),
      object({ a: { type: "array", description: "d", items: {} } }),
    ],
    [
      "so does one that may be null, and one inside another",
      object({ a: { type: ["array", "null"], items: { type: "array" } }, b: { type: ["null", "array"] } }),
      object({
        a: { type: ["array", "null"], items: { type: "array", items: {} } },
        b: { type: ["null", "array"], items: {} },
      }),
    ],
    [
      "a tuple is written as today",
      object({ a: { type: "array", items: [string] } }),
      object({ a: { type: "array", prefixItems: [string], items: {} } }),
    ],
    [
      "anything in a list",
      object({ a: { type: "array", items: true } }),
      object({ a: { type: "array", items: {} } }),
    ],
    [
      "a choice at the top goes",
      object({ a: string, b: string }, { anyOf: [{ required: ["a"] }, { required: ["b"] }] }),
      object({ a: string, b: string }),
    ],
    [
      "what its alternatives say stays",
      {
        type: "object",
        oneOf: [
          object({ kind: { const: "x" }, a: string }, { required: ["kind", "a"] }),
          object({ kind: { const: "y" }, a: string }, { required: ["kind"] }),
        ],
      },
      object({ kind: { anyOf: [{ const: "x" }, { const: "y" }] }, a: string }, { required: ["kind"] }),
    ],
    [
      "parts of a whole, one by reference; what the schema says itself counts",
      object(
        { a: string },
        {
          required: ["a"],
          allOf: [object({ a: {}, b: string }, { required: ["b"] }), { $ref: "#/$defs/C" }],
          $defs: { C: object({ c: string }) },
        },
      ),
      object(
        { a: string, b: string, c: string },
        { required: ["a", "b"], $defs: { C: object({ c: string }) } },
      ),
    ],
    ["enum and not at the top", object({ a: string }, { enum: [{}], not: {} }), object({ a: string })],
  ])("%s", (_name, schema, expected) => {
    expect<unknown>(cleanSchema(schema, "openai")).toEqual(expected);
  });

  test.each<[string, JsonObject]>([
    ["a choice further in", object({ a: { anyOf: [string, { type: "null" }] } })],
    ["a property called items or anyOf", object({ items: string, anyOf: string, type: { enum: ["array"] } })],
    [
      "data that looks like a schema",
      object({ a: { default: { type: "array" }, enum: [{ type: "array" }] } }),
    ],
  ])("%s stays as it is", (_name, schema) => {
    expect(cleanSchema(schema, "openai")).toBe(schema);
  });

  test("a choice of ten thousand references to one definition takes no time", () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
    const big = object(Object.fromEntries(names.map((name) => [name, string])), { required: names });
    const root = object({}, { $defs: { big }, anyOf: names.map(() => ({ $ref: "#/$defs/big" })) });
    const before = performance.now();
    expect(cleanSchema(root, "openai")["required"]).toEqual(names);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

test("[1.3.1:kimi] Kimi, too, is told what the alternatives at the top say", () => {
  const schema = object({ a: string }, { anyOf: [object({ b: string }), { required: ["a"] }] });
  expect<unknown>(cleanSchema(schema, "kimi")).toEqual(object({ a: string, b: string }));
});

describe("[1.3.1:llamacpp] llama.cpp", () => {
  test.each<[string, object, object]>([
    ["a large limit", { ...string, maxLength: 524_288 }, string],
    [
      "a limit that it can bear",
      { ...string, maxLength: 32, minLength: 1 },
      { ...string, maxLength: 32, minLength: 1 },
    ],
    ["one that is just too large", { ...string, minLength: 33 }, string],
    [
      "limits of lists, inside too",
      { type: "array", minItems: 1, maxItems: 5000, items: { ...string, maxLength: 5000 } },
      { type: "array", minItems: 1, items: string },
    ],
    ["a pattern that is anchored: not in an inner object", { ...string, pattern: "^[a-z0-9-]+$" }, string],
    ["a pattern without its beginning", { ...string, pattern: "[a-z]+$" }, string],
    ["a pattern without its end", { ...string, pattern: "^[a-z]+" }, string],
    ["a pattern with a class", { ...string, pattern: "^\\d+$" }, string],
    ["a pattern that looks ahead", { ...string, pattern: "^(?!a).*$" }, string],
    ["a pattern that counts", { ...string, pattern: "^[a-z]{1,9000}$" }, string],
    ["a pattern that is none", { ...string, pattern: 1 }, string],
    [
      "properties called so",
      object({ maxLength: string, pattern: string }),
      object({ maxLength: string, pattern: string }),
    ],
    [
      "a choice",
      { anyOf: [{ ...string, maxLength: 9999 }, { type: "null" }] },
      { anyOf: [string, { type: "null" }] },
    ],
    ["anything", object({ a: true }), object({ a: {} })],
    ["a list of anything", { type: "array", items: true }, { type: "array", items: {} }],
  ])("%s", (_name, schema, expected) => {
    expect<unknown>(cleanSchema(object({ p: schema }), "llamacpp")).toEqual(object({ p: expected }));
  });

  test("a schema without such things is the same one", () => {
    const schema = object({ a: string, b: { type: "array", items: string } }, { required: ["a"] });
    expect(cleanSchema(schema, "llamacpp")).toBe(schema);
  });
});

describe("[R0:schemas] plainer schemas", () => {
  test("of grammars keep what says the form, and no more", () => {
    const schema = object(
      {
        a: { ...string, maxLength: 3, pattern: "^a$", format: "uri", description: "d", enum: ["a"] },
        b: { type: "integer", minimum: 1, exclusiveMaximum: 9, multipleOf: 2 },
        c: { type: "array", items: { ...string, minLength: 1 }, uniqueItems: true, minItems: 1 },
        pattern: true,
      },
      { required: ["a"], additionalProperties: false, patternProperties: { x: string } },
    );
    expect(cleanSchemaForGrammars(schema)).toEqual(
      object(
        {
          a: { ...string, description: "d", enum: ["a"] },
          b: { type: "integer" },
          c: { type: "array", items: string },
          pattern: string,
        },
        { required: ["a"], additionalProperties: false },
      ),
    );
  });

  test.each<[object, object]>([
    [{ description: "d" }, { type: "string", description: "d" }],
    [{ properties: {} }, object({})],
    [{ items: string }, { type: "array", items: string }],
    [object({ q: {} }), object({ q: string })],
    [
      { type: "array", items: { description: "d" } },
      { type: "array", items: { type: "string", description: "d" } },
    ],
  ])("a type for %j", (before, after) => {
    expect<unknown>(typeEveryProperty(object({ p: before }))).toEqual(object({ p: after }));
  });

  test.each<[object]>([
    [string],
    [{ $ref: "#/$defs/a" }],
    [{ anyOf: [string] }],
    [{ oneOf: [] }],
    [{ allOf: [] }],
  ])("%j has one, or tells it elsewhere", (schema) => {
    const whole = object({ p: schema });
    expect(typeEveryProperty(whole)).toBe(whole);
  });
});

test("[1.3.1:llamacpp] schemas are found wherever they may stand, data are left alone", () => {
  const seen: unknown[] = [];
  const at = (n: number) => ({ n });
  const schema = {
    properties: { a: at(1), n: at(2) },
    $defs: { d: at(3) },
    patternProperties: { p: at(4) },
    anyOf: [at(5), "x"],
    allOf: [at(6)],
    oneOf: [at(7)],
    prefixItems: [at(8)],
    items: [at(9)],
    additionalProperties: at(10),
    not: at(11),
    if: { else: at(12) },
    default: at(98),
    enum: [at(99)],
  };
  mapSchemas(schema, (node) => {
    if (typeof node["n"] === "number") seen.push(node["n"]);
    return node;
  });
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});
