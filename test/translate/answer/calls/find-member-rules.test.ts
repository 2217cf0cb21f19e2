import { describe, expect, test } from "bun:test";
import { findMemberRules } from "../../../../src/translate/answer/calls/find-member-rules.ts";

const text = { type: "string" };
const nothing = { type: "null" };

function droppedOf(
  name: string,
  properties: object,
  required?: unknown,
): [whenNull: string[], whenEmpty: string[]] {
  const dropped = findMemberRules({ name, inputSchema: { type: "object", properties, required } });
  return [[...dropped.whenNull], [...dropped.whenEmpty]];
}

describe("[3.5:nulls] null is left out where the schema does not take it", () => {
  test.each<[schema: unknown, takesNull: boolean]>([
    [text, false],
    [nothing, true],
    [{ type: ["string", "null"] }, true],
    [{ type: ["string", "number"] }, false],
    [{ ...text, nullable: true }, true],
    [{ ...text, nullable: false }, false],
    [{ ...text, const: null }, true],
    [{ ...text, const: "a" }, false],
    [{ ...text, enum: ["a", null] }, true],
    [{ enum: ["a", "b"] }, false],
    [{ anyOf: [text, nothing] }, true],
    [{ oneOf: [text, nothing] }, true],
    [{ anyOf: [text, { type: "number" }] }, false],
    [{ oneOf: [text, { type: "number" }] }, false],
    [{ description: "anything" }, true],
    ["a schema that nobody can read", true],
  ])("%j takes it: %p", (schema, takesNull) => {
    expect(droppedOf("A", { p: schema })).toEqual([takesNull ? [] : ["p"], []]);
  });

  test("and where its member need not be there", () => {
    expect(droppedOf("A", { p: text, q: text }, ["q"])).toEqual([["p"], []]);
    expect(droppedOf("A", { p: text }, "q")).toEqual([["p"], []]);
  });
});

test("[3.5:pages] empty pages are left out of a call of Read that may have none", () => {
  expect(droppedOf("Read", { pages: nothing })).toEqual([[], ["pages"]]);
  expect(droppedOf("Read", { pages: nothing }, ["pages"])).toEqual([[], []]);
  expect(droppedOf("Write", { pages: nothing })).toEqual([[], []]);
});

test("of an unknown tool, and of one of unknown members, nothing is changed", () => {
  const nothing = { whenNull: new Set(), whenEmpty: new Set(), allowed: null, structured: new Map() };
  expect<object>(findMemberRules(null)).toEqual({ ...nothing, mayHaveMembers: true });
  const tool = { name: "Read", inputSchema: {} };
  expect<object>(findMemberRules(tool)).toEqual({ ...nothing, mayHaveMembers: false });
});

test.each<[schema: object, allowed: string[] | null]>([
  [{ properties: { a: text }, additionalProperties: false }, ["a"]],
  [{ additionalProperties: false }, []],
  [{ properties: { a: text } }, null],
  [{ properties: { a: text }, additionalProperties: true }, null],
  [{ properties: { a: text }, additionalProperties: {} }, null],
  [{ properties: { a: text }, additionalProperties: false, patternProperties: { b: text } }, null],
])("[3.5:nulls] which members %j allows", (schema, allowed) => {
  const found = findMemberRules({ name: "A", inputSchema: { type: "object", ...schema } }).allowed;
  expect(found === null ? null : [...found]).toEqual(allowed);
});

const list = { type: "array" };
const object = { type: "object" };
const definitions = { List: list, Text: text, Loop: { $ref: "#/$defs/Loop" } };

test.each<[schema: unknown, wanted: string]>([
  [list, "list"],
  [object, "object"],
  [text, "none"],
  [{ type: "number" }, "none"],
  [{ type: ["array", "null"] }, "list"],
  [{ type: ["array", "string"] }, "none"],
  [{ anyOf: [list, nothing] }, "list"],
  [{ oneOf: [list, object] }, "list or object"],
  [{ anyOf: [list, text] }, "none"],
  [{ anyOf: [list, {}] }, "none"],
  [{ $ref: "#/$defs/List" }, "list"],
  [{ anyOf: [{ $ref: "#/$defs/List" }, nothing] }, "list"],
  [{ $ref: "#/$defs/Text" }, "none"],
  [{ $ref: "#/$defs/Loop" }, "none"],
  [{ $ref: "#/$defs/Missing" }, "none"],
  [{ description: "anything" }, "none"],
  ["a schema that nobody can read", "none"],
])("[3.5:structured] %j wants: %s", (schema, wanted) => {
  const inputSchema = { type: "object", properties: { p: schema }, $defs: definitions };
  const found = findMemberRules({ name: "A", inputSchema }).structured.get("p");
  const kinds = [...(found?.isList ? ["list"] : []), ...(found?.isObject ? ["object"] : [])];
  expect(kinds.join(" or ") || "none").toBe(wanted);
});
