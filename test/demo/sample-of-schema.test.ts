import { expect, test } from "bun:test";
import { z } from "zod";
import { sampleOfSchema } from "../../src/demo/sample-of-schema.ts";

test.each([
  [{}, "demonstration"],
  [{ type: "string", maxLength: 4 }, "demo"],
  [{ type: "string", minLength: 15 }, "demonstration.."],
  [{ type: "string", format: "date" }, "2000-01-01"],
  [{ type: "string", format: "unheard-of" }, "demonstration"],
  [{ type: "string", format: "constructor" }, "demonstration"],
  [{ type: "object", required: ["constructor", { toString: 1 }] }, { constructor: "demonstration" }],
  [{ $ref: "#/constructor/prototype" }, null],
  [{ type: "integer" }, 0],
  [{ type: "integer", minimum: 3 }, 3],
  [{ type: "integer", exclusiveMinimum: 3 }, 4],
  [{ type: "number", maximum: -2 }, -2],
  [{ type: "number", exclusiveMaximum: 0 }, -1],
  [{ type: "boolean" }, false],
  [{ type: "null" }, null],
  [{ type: ["null", "integer"] }, 0],
  [{ type: ["null"] }, null],
  [{ type: "array", items: { type: "integer" } }, []],
  [{ type: "array", items: { type: "integer" }, minItems: 2 }, [0, 0]],
  [{ type: "array", prefixItems: [{ type: "integer" }, { type: "boolean" }], minItems: 2 }, [0, false]],
  [{ const: 7 }, 7],
  [{ type: "string", default: "given" }, "given"],
  [{ enum: ["one", "two"] }, "one"],
  [{ type: "string", examples: ["Lisbon"] }, "Lisbon"],
  [{ anyOf: [{ type: "boolean" }, { type: "string" }] }, false],
  [{ oneOf: [{ type: "integer" }, { type: "string" }] }, 0],
  [{ properties: { a: {} }, required: ["a"] }, { a: "demonstration" }],
  [{ type: "object", properties: { a: {}, b: {} }, required: ["b"] }, { b: "demonstration" }],
  [{ type: "object", required: ["a"] }, { a: "demonstration" }],
  [
    {
      allOf: [
        { type: "object", properties: { a: { type: "integer" } }, required: ["a"] },
        { properties: { b: { type: "boolean" } }, required: ["b"] },
      ],
    },
    { a: 0, b: false },
  ],
  [
    {
      $defs: { point: { type: "object", properties: { x: { type: "number" } }, required: ["x"] } },
      type: "object",
      properties: { at: { $ref: "#/$defs/point" } },
      required: ["at"],
    },
    { at: { x: 0 } },
  ],
  [{ $ref: "#/$defs/missing" }, null],
  [undefined, null],
  [true, null],
])("sampleOfSchema(%j) is %j", (schema, sample) => {
  expect(sampleOfSchema(schema)).toEqual(sample);
});

test("a schema that requires itself ends in null", () => {
  const schema = { type: "object", properties: { child: { $ref: "#" } }, required: ["child"] };
  expect(JSON.stringify(sampleOfSchema(schema))).toBe(`${'{"child":'.repeat(9)}null${"}".repeat(9)}`);
});

const schemas: [string, z.ZodType][] = [
  ["a title", z.object({ title: z.string() })],
  ["limits", z.object({ age: z.int().min(18).max(99), ratio: z.number().gt(2), name: z.string().min(20) })],
  ["formats", z.object({ mail: z.email(), link: z.url(), id: z.uuid(), day: z.iso.date() })],
  ["lists", z.object({ tags: z.array(z.string()).min(3), pair: z.tuple([z.string(), z.number()]) })],
  ["unions", z.object({ kind: z.literal("a"), either: z.union([z.boolean(), z.string()]) })],
  ["nullable and optional", z.object({ note: z.string().nullable(), more: z.string().optional() })],
  ["intersections", z.intersection(z.object({ a: z.string() }), z.object({ b: z.enum(["x", "y"]) }))],
];

test.each(schemas)("the sample is valid for a schema with %s", (_name, schema) => {
  const sample = sampleOfSchema(z.toJSONSchema(schema));
  expect(schema.safeParse(sample)).toEqual({ success: true, data: sample });
});
