import { describe, expect, test } from "bun:test";
import type { ResponsesRepair } from "../../../../src/protocols/responses/repair/repair.ts";
import { responsesRepairs } from "../../../../src/protocols/responses/repair/responses-repairs.ts";
import type { InputItem, ResponsesRequest } from "../../../../src/protocols/responses/responses-request.ts";
import { describeOutputSchema } from "../../../../src/translate/conversation/read-output-format.ts";
import { blobItem, requestOf, userItem } from "./refused.ts";

type Change<Kind = ResponsesRepair> = Kind extends ResponsesRepair ? Omit<Kind, "scope"> : never;

const { apply, describe: say, key, recoveryOf, refusedTrait, addTraits } = responsesRepairs;
const repairOf = (change: object): ResponsesRepair =>
  Object.assign({ scope: "model" as const }, change as Change);
const call: InputItem = { type: "function_call", call_id: "c", name: "Read", arguments: "{}" };
const outputItem: InputItem = { type: "function_call_output", call_id: "c", output: "ok" };
const tool = { type: "function" as const, name: "Read", parameters: { type: "object" }, strict: true };
const schema = { type: "object" };
const format = { type: "json_schema", name: "output", schema, strict: true };
const image = {
  type: "input_image" as const,
  image_url: "data:image/png;base64,AA==",
  detail: "auto" as const,
};
const omitted = "[image omitted: the model does not accept images]";
const encrypted = "reasoning.encrypted_content";
const history = [userItem("a"), blobItem("old1"), call, blobItem("old2"), call];

/** What is refused, the repair, and the fields that are sent then; undefined ones are gone. */
const cases: [rule: string, change: Change, fields: Partial<ResponsesRequest>, changed: object][] = [
  [
    "25.4:fields",
    { kind: "omit-field", field: "temperature" },
    { temperature: 1 },
    { temperature: undefined },
  ],
  ["25.4:fields", { kind: "omit-field", field: "store" }, {}, { store: undefined }],
  [
    "25.4:fields",
    { kind: "omit-field", field: "strict" },
    { tools: [tool] },
    { tools: [{ type: "function", name: "Read", parameters: schema }] },
  ],
  [
    "25.4:fields",
    { kind: "omit-field", field: "phase" },
    { input: [{ type: "message", role: "assistant", content: "a", phase: "commentary" }] },
    { input: [{ type: "message", role: "assistant", content: "a" }] },
  ],
  [
    "25.4:members",
    { kind: "omit-field", field: "reasoning.summary" },
    { reasoning: { effort: "low", summary: "auto" } },
    { reasoning: { effort: "low" } },
  ],
  [
    "25.4:members",
    { kind: "omit-field", field: "reasoning.effort" },
    { reasoning: { effort: "low" } },
    { reasoning: undefined },
  ],
  ["25.4:fields", { kind: "omit-include", value: "b" }, { include: ["a", "b"] }, { include: ["a"] }],
  [
    "25.4:fields",
    { kind: "instructions-into-input" },
    { instructions: "be brief" },
    {
      instructions: undefined,
      input: [{ type: "message", role: "system", content: "be brief" }, userItem("hi")],
    },
  ],
  [
    "25.4:fields",
    { kind: "free-tool-choice", as: "auto" },
    { tool_choice: "required" },
    { tool_choice: "auto" },
  ],
  [
    "25.4:fields",
    { kind: "free-tool-choice", as: "omitted" },
    { tool_choice: "required" },
    { tool_choice: undefined },
  ],
  [
    "25.4:fields",
    { kind: "thinking-off-for-forced-choice", level: "none" },
    { tool_choice: "required", reasoning: { effort: "high", summary: "auto" } },
    { reasoning: { effort: "none" } },
  ],
  [
    "25.4:levels",
    { kind: "other-thinking-level", level: "max", as: "high" },
    { reasoning: { effort: "max" } },
    { reasoning: { effort: "high" } },
  ],
  [
    "25.4:levels",
    { kind: "omit-thinking-level", level: "max" },
    { reasoning: { effort: "max", summary: "auto" } },
    { reasoning: { summary: "auto" } },
  ],
  [
    "25.4:levels",
    { kind: "omit-thinking-level", level: "max" },
    { reasoning: { effort: "max" } },
    { reasoning: undefined },
  ],
  ["25.4:fields", { kind: "omit-thinking" }, { reasoning: { effort: "high" } }, { reasoning: undefined }],
  [
    "25.4:numbers",
    { kind: "cap-output", maxTokens: 10 },
    { max_output_tokens: 20 },
    { max_output_tokens: 10 },
  ],
  [
    "25.4:numbers",
    { kind: "raise-output", minTokens: 16 },
    { max_output_tokens: 1 },
    { max_output_tokens: 16 },
  ],
  [
    "25.4:format",
    { kind: "loosen-response-format", to: "json_object" },
    { text: { format } },
    { text: { format: { type: "json_object" } }, input: [userItem(`hi\n${describeOutputSchema(schema)}`)] },
  ],
  [
    "25.4:format",
    { kind: "loosen-response-format", to: "prompt" },
    { text: { format }, input: [call] },
    { text: undefined, input: [userItem(describeOutputSchema(schema)), call] },
  ],
  [
    "25.4:format",
    { kind: "omit-strict", of: "text.format" },
    { text: { format } },
    { text: { format: { ...format, strict: false } } },
  ],
  [
    "25.4:format",
    { kind: "omit-strict", of: "Read" },
    { tools: [tool] },
    { tools: [{ ...tool, strict: false }] },
  ],
  [
    "25.4:format",
    { kind: "plainer-schemas", rules: "openai" },
    { tools: [{ ...tool, parameters: { type: "object", properties: {}, anyOf: [{}] } }] },
    { tools: [{ ...tool, parameters: { type: "object", properties: {} } }] },
  ],
  [
    "25.4:fields",
    { kind: "omit-images" },
    {
      input: [
        { type: "message", role: "user", content: [{ type: "input_text", text: "see" }, image] },
        { type: "function_call_output", call_id: "c", output: [image] },
      ],
    },
    { input: [userItem(`see\n${omitted}`), { type: "function_call_output", call_id: "c", output: omitted }] },
  ],
  [
    "25.4:ids",
    { kind: "without-item-ids" },
    { input: [blobItem("b", { id: "rs_1" }), call] },
    { input: [blobItem("b"), call] },
  ],
  [
    "25.4:encrypted",
    { kind: "without-encrypted" },
    { input: history, include: [encrypted] },
    { input: [userItem("a"), call, call], include: undefined },
  ],
  [
    "25.4:blob",
    { kind: "omit-reasoning", until: "old2" },
    { input: [...history, blobItem("new"), call] },
    { input: [userItem("a"), call, call, blobItem("new"), call] },
  ],
];

test.each(cases)("[%s] %j for %j", (_rule, change, fields, changed) => {
  const repair = repairOf(change);
  const sent = requestOf(fields);
  const repaired = apply(sent, repair);
  expect(JSON.parse(JSON.stringify(repaired))).toEqual(JSON.parse(JSON.stringify({ ...sent, ...changed })));
  expect(apply(repaired, repair)).toBe(repaired);
  expect(say(repair)).not.toBe("");
});

test("[25.4:blob] reasoning that was refused and is gone takes nothing with it", () => {
  const sent = requestOf({ input: [userItem("a"), blobItem("new"), call] });
  expect(apply(sent, repairOf({ kind: "omit-reasoning", until: "old2" }))).toBe(sent);
});

describe("what has to be built again", () => {
  test.each<[string, Change, object, InputItem[], InputItem[]]>([
    [
      "25.4:id-missing",
      { kind: "with-reasoning-ids" },
      { withReasoningIds: true },
      [blobItem("b")],
      [blobItem("b", { id: "rs_1" })],
    ],
    [
      "25.4:several",
      { kind: "newest-reasoning-only" },
      { newestReasoningOnly: true },
      [blobItem("b"), userItem("a"), blobItem("c")],
      [userItem("a"), blobItem("c")],
    ],
    [
      "25.4:several",
      { kind: "newest-reasoning-only" },
      { newestReasoningOnly: true },
      [blobItem("b"), userItem("a"), blobItem("c"), userItem("d")],
      [blobItem("b"), userItem("a")],
    ],
    [
      "25.4:several",
      { kind: "newest-reasoning-only" },
      { newestReasoningOnly: true },
      [blobItem("b"), userItem("a"), blobItem("c"), outputItem, blobItem("d")],
      [userItem("a"), blobItem("c"), outputItem, blobItem("d")],
    ],
  ])("[%s] %j: an accepted request without it ends the repair", (_, change, recovery, lacking, repaired) => {
    const repair = repairOf(change);
    expect(recoveryOf(repair)).toEqual(recovery);
    const [without, having] = [requestOf({ input: lacking }), requestOf({ input: repaired })];
    expect(apply(without, repair)).not.toBe(without);
    expect(apply(without, repair)).toEqual(without);
    expect(apply(having, repair)).toBe(having);
  });

  test("[25.4:blob] a stand-in for reasoning", () => {
    const rebuild = repairOf({ kind: "rebuild-without-reasoning", emptyReasoningAs: "" });
    expect(recoveryOf(rebuild)).toEqual({ withoutOpaqueReasoning: true, emptyReasoningAs: "" });
    const sent = requestOf();
    expect(apply(sent, rebuild)).toBe(sent);
  });
});

test("[25.4:learned] a refusal of what the model took before is not learned: each repair names the trait of its request", () => {
  for (const [, change, fields] of cases) {
    const trait = refusedTrait(repairOf(change));
    if (trait === null || "field" in change) continue;
    const traits = new Set<string>();
    const reasoning = { effort: "high", ...fields.reasoning };
    addTraits(traits, requestOf({ ...fields, reasoning }), 100);
    expect([...traits], JSON.stringify(change)).toContain(
      trait === "response_format json_object" ? "response_format json_schema" : trait,
    );
  }
  const traits = new Set<string>();
  addTraits(
    traits,
    requestOf({
      input: [blobItem("b"), userItem("a"), blobItem("c")],
      reasoning: { summary: "auto" },
      tools: [tool],
    }),
    100,
  );
  expect([...traits].toSorted()).toEqual(
    [
      "encrypted reasoning",
      "input",
      "model",
      "reasoning",
      "reasoning of several answers",
      "reasoning without an id",
      "reasoning.summary",
      "store",
      "strict",
      "thinking",
      "tools",
    ].toSorted(),
  );
});

test("repairs of one kind have keys of their own where they are about different parts", () => {
  const parts = [
    { kind: "other-thinking-level", level: "max", as: "high" },
    { kind: "other-thinking-level", level: "none", as: "low" },
    { kind: "omit-include", value: "a" },
    { kind: "omit-include", value: "b" },
    { kind: "omit-field", field: "a" },
    { kind: "omit-field", field: "b" },
  ].map((change) => key(repairOf(change)));
  expect(new Set(parts).size).toBe(parts.length);
  expect(key(repairOf({ kind: "omit-reasoning", until: "a" }))).toBe(
    key(repairOf({ kind: "omit-reasoning", until: "b" })),
  );
});
