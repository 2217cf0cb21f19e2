import { describe, expect, test } from "bun:test";
import { RequestedTools } from "../../../src/translate/request/requested-tools.ts";
import { droppedMembersOf, findRequestedTool } from "../../../src/translate/stream/tool-call-slot.ts";

const text = { type: "string" };
const nothing = { type: "null" };

function droppedOf(
  name: string,
  properties: object,
  required?: unknown,
): [whenNull: string[], whenEmpty: string[]] {
  const dropped = droppedMembersOf({ name, inputSchema: { type: "object", properties, required } });
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

test.each([null, { name: "Read", inputSchema: {} }])(
  "of a tool of unknown members nothing is left out: %j",
  (tool) => {
    expect(droppedMembersOf(tool)).toEqual({ whenNull: new Set(), whenEmpty: new Set() });
  },
);

test.each([
  ["Bash", "Bash"],
  ["bash", "Bash"],
  ["functions.Bash", "Bash"],
  ["default_api:bash", "Bash"],
  ["tool_Bash", "Bash"],
  ["tool_Run", "tool_Run"],
  ["other_Bash", undefined],
])("[3.5:name] a call of %s means %s", (name, expected) => {
  const tools = ["Run", "tool_Run", "Bash"].map(
    (known) => [known, { name: known, inputSchema: {} }] as const,
  );
  expect(findRequestedTool(new RequestedTools(tools), name)?.name).toBe(expected);
});
