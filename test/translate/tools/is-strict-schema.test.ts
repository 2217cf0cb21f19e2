import { expect, test } from "bun:test";
import { isStrictSchema } from "../../../src/translate/tools/is-strict-schema.ts";

const text = { type: "string" };
const strict = { type: "object", properties: { a: text }, required: ["a"], additionalProperties: false };
const open = { ...strict, additionalProperties: true };

test.each<[string, unknown, boolean]>([
  ["an object that lists all", strict, true],
  ["without a type", { ...strict, type: undefined }, true],
  ["one that takes others", open, false],
  ["one that does not say so", { ...strict, additionalProperties: undefined }, false],
  ["a property that need not be there", { ...strict, required: [] }, false],
  ["no word of what is required", { ...strict, required: undefined }, false],
  ["what is required is no list", { ...strict, required: { a: true } }, false],
  ["an object of nothing", { type: "object", additionalProperties: false }, true],
  ["an object of anything", { type: "object" }, false],
  ["a text", text, true],
  ["no schema", true, true],
  ["within a property", { ...strict, properties: { a: open } }, false],
  ["within items", { type: "array", items: open }, false],
  ["within one of several items", { type: "array", items: [strict, open] }, false],
  ["within a choice", { anyOf: [text, open] }, false],
  ["within definitions", { ...strict, $defs: { d: open } }, false],
  ["within definitions of old", { ...strict, definitions: { d: open } }, false],
  [
    "all of these in order",
    { anyOf: [strict], items: strict, $defs: { d: strict }, definitions: { d: strict } },
    true,
  ],
])("[1.3:strict] a schema is strict or not: %s", (_, schema, isStrict) => {
  expect(isStrictSchema(schema)).toBe(isStrict);
});
