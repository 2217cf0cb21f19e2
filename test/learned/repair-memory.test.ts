import { describe, expect, test } from "bun:test";
import { createRepairMemory } from "../../src/learned/repair-memory.ts";
import { chatProtocol } from "../../src/protocols/chat/chat-protocol.ts";
import type { ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import { applyRepair } from "../../src/protocols/chat/repair/apply-repair.ts";
import type { ChatRepair } from "../../src/protocols/chat/repair/repair.ts";

const omitTopK: ChatRepair = { kind: "omit-field", field: "top_k", scope: "model" };
const omitStop: ChatRepair = { kind: "omit-field", field: "stop", scope: "model" };
const cap = (maxTokens: number, scope: "model" | "request"): ChatRepair => ({
  kind: "cap-output",
  maxTokens,
  scope,
});
const rebuild: ChatRepair = { kind: "rebuild-without-reasoning", scope: "conversation" };

function createTimed() {
  let nowMs = 0;
  const memory = createRepairMemory({ rules: chatProtocol.repairs, nowMs: () => nowMs });
  return { memory, pass: (ms: number) => (nowMs += ms) };
}

test("[R0:remembered] what a model needs is remembered for the model, in the order it was learned", () => {
  const { memory, pass } = createTimed();
  expect(memory.repairsFor("m", null)).toEqual([]);
  memory.learn("m", null, omitTopK);
  memory.learn("m", "c", omitStop);
  pass(3_599_999);
  expect(memory.repairsFor("m", "other")).toEqual([omitTopK, omitStop]);
  expect(memory.repairsFor("n", "c")).toEqual([]);
});

test("[R0:remembered] the later one of two that are about the same counts", () => {
  const { memory } = createTimed();
  memory.learn("m", null, cap(9000, "model"));
  memory.learn("m", null, cap(4096, "model"));
  expect(memory.repairsFor("m", null)).toEqual([cap(4096, "model")]);
});

test("[5.3:both] what fits one request is not remembered", () => {
  const { memory } = createTimed();
  memory.learn("m", "c", cap(4096, "request"));
  expect(memory.repairsFor("m", "c")).toEqual([]);
});

test("[6.4] what a conversation needs is remembered for ten minutes, for its model only", () => {
  const { memory, pass } = createTimed();
  memory.learn("m", "c", rebuild);
  expect(memory.repairsFor("m", "c")).toEqual([rebuild]);
  expect(memory.repairsFor("n", "c")).toEqual([]);
  expect(memory.repairsFor("m", "d")).toEqual([]);
  expect(memory.repairsFor("m", null)).toEqual([]);
  pass(599_999);
  expect(memory.repairsFor("m", "c")).toEqual([rebuild]);
  pass(1);
  expect(memory.repairsFor("m", "c")).toEqual([]);
});

test("[6.4] a conversation may need several repairs, and the later one of two alike", () => {
  const { memory, pass } = createTimed();
  const empty: ChatRepair = { ...rebuild, emptyReasoningAs: "" };
  const omitInConversation: ChatRepair = { ...omitTopK, scope: "conversation" };
  memory.learn("m", "c", rebuild);
  memory.learn("m", "c", omitInConversation);
  pass(1);
  memory.learn("m", "c", empty);
  expect(memory.repairsFor("m", "c")).toEqual([omitInConversation, empty]);
  pass(599_999);
  expect(memory.repairsFor("m", "c")).toEqual([empty]);
});

test("[6.4] a request without a session leaves nothing for the next one", () => {
  const { memory } = createTimed();
  memory.learn("m", null, rebuild);
  expect(memory.repairsFor("m", null)).toEqual([]);
});

const requestOf = (fields: Partial<ChatRequest>): ChatRequest => ({
  model: "m",
  messages: [{ role: "user", content: "hi" }],
  ...fields,
});

describe("[F6] what was learned of a model", () => {
  test("is doubted once an hour, one thing by one request", () => {
    const { memory, pass } = createTimed();
    memory.learn("m", null, omitTopK);
    memory.learn("m", null, omitStop);
    pass(3_600_000);
    const next = () => memory.repairsFor("m", null);
    expect([next(), next(), next()]).toEqual([[omitStop], [omitTopK], [omitTopK, omitStop]]);
    pass(3_599_999);
    expect(next()).toEqual([omitTopK, omitStop]);
    pass(1);
    expect(next()).toEqual([omitStop]);
  });

  test("is not forgotten by what it took later: each request adds to what it takes", () => {
    const { memory } = createTimed();
    memory.noteTaken("m", requestOf({ top_k: 3 }));
    memory.noteTaken("m", requestOf({ stop: ["END"] }));
    memory.noteTaken("m", requestOf({}));
    const narrowed = [omitTopK, omitStop].map((repair) => memory.narrow("m", repair).scope);
    expect(narrowed).toEqual(["request", "request"]);
    expect(memory.narrow("n", omitTopK)).toBe(omitTopK);
  });

  test("is forgotten when the model takes it after all, and nothing else is", () => {
    const { memory } = createTimed();
    memory.learn("m", null, omitTopK);
    memory.learn("m", null, omitStop);
    memory.noteTaken("m", requestOf({ temperature: 1 }));
    expect(memory.repairsFor("m", null)).toEqual([omitTopK, omitStop]);
    memory.noteTaken("m", requestOf({ top_k: 3 }));
    expect(memory.repairsFor("m", null)).toEqual([omitStop]);
    memory.learn("m", null, omitTopK);
    expect(memory.repairsFor("m", null)).toEqual([omitStop]);
  });

  const bare = { type: "function" as const, function: { name: "Now", parameters: { type: "object" } } };
  const forced = { tools: [bare], tool_choice: "required" as const };
  const asTool = [
    { role: "tool" as const, tool_call_id: "1", content: "x" },
    { role: "user" as const, content: "y" },
  ];
  const jsonFormat = { response_format: { type: "json_schema", json_schema: {} } };
  const cases: [ChatRepair, Partial<ChatRequest>, Partial<ChatRequest>][] = [
    [omitTopK, { top_k: 3 }, { top_p: 1 }],
    [
      { kind: "omit-field", field: "cache_control", scope: "model" },
      { tools: [{ ...bare, cache_control: { type: "ephemeral" } }] },
      { tools: [bare] },
    ],
    [
      { kind: "omit-field", field: "reasoning_content", scope: "model" },
      { messages: [{ role: "assistant", content: "a", reasoning_content: "b" }] },
      { messages: [{ role: "assistant", content: "a" }] },
    ],
    [
      { kind: "rename-output-limit", field: "max_completion_tokens", scope: "model" },
      { max_tokens: 9 },
      { max_completion_tokens: 9 },
    ],
    [
      { kind: "effort-none-with-tools", scope: "model" },
      { tools: [bare], reasoning_effort: "high" },
      { tools: [bare], reasoning_effort: "none" },
    ],
    [
      { kind: "thinking-off-for-forced-choice", form: "thinking", scope: "model" },
      { ...forced, thinking: { type: "enabled" } },
      { ...forced, thinking: { type: "disabled" } },
    ],
    [
      { kind: "thinking-off-for-forced-choice", form: "qwen", scope: "model" },
      { ...forced, enable_thinking: true },
      { ...forced, enable_thinking: false },
    ],
    [
      { kind: "loosen-response-format", to: "json_object", scope: "model" },
      jsonFormat,
      { response_format: { type: "json_object" } },
    ],
    [{ kind: "assistant-between-tool-and-user", scope: "model" }, { messages: asTool }, {}],
    [{ kind: "omit-empty-parameters", scope: "model" }, { tools: [bare] }, {}],
  ];
  test.each(cases)("%j is not learned of a model that took %j", (repair, taken, other) => {
    const { memory } = createTimed();
    memory.noteTaken("m", requestOf(other));
    expect(memory.narrow("m", repair)).toEqual(repair);
    memory.noteTaken("n", requestOf(taken));
    expect(memory.narrow("m", repair)).toEqual(repair);
    memory.noteTaken("m", requestOf(taken));
    expect(memory.narrow("m", repair)).toEqual({ ...repair, scope: "request" });
    memory.learn("m", null, repair);
    expect(memory.repairsFor("m", null)).toEqual([]);
  });

  test.each(cases)("%j is not needed for what it made itself", (repair, taken) => {
    const { memory } = createTimed();
    memory.learn("m", null, repair);
    memory.noteTaken("m", applyRepair(requestOf(taken), repair));
    expect(memory.repairsFor("m", null)).toEqual([repair]);
    memory.noteTaken("m", requestOf(taken));
    expect(memory.repairsFor("m", null)).toEqual([]);
  });

  test("is not kept of what 500 models took, or of more than 100 fields of one", () => {
    const { memory } = createTimed();
    for (let i = 0; i <= 500; i++) memory.noteTaken(`m${i}`, requestOf({ top_k: 1 }));
    const scopes = [0, 1, 500].map((i) => memory.narrow(`m${i}`, omitTopK).scope);
    expect(scopes).toEqual(["model", "request", "request"]);
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field_${i}`, 1]));
    memory.noteTaken("m", requestOf(many));
    const omitOf = (i: number): ChatRepair => ({ kind: "omit-field", field: `field_${i}`, scope: "model" });
    expect([0, 199].map((i) => memory.narrow("m", omitOf(i)).scope)).toEqual(["request", "model"]);
  });
});

test("what was learned last is forgotten last, though it was learned before", () => {
  const { memory } = createTimed();
  for (let i = 0; i < 500; i++) memory.learn(`m${i}`, null, omitTopK);
  memory.learn("m0", null, omitStop);
  memory.learn("m500", null, omitTopK);
  const sizes = [0, 1, 2, 499, 500].map((i) => memory.repairsFor(`m${i}`, null).length);
  expect(sizes).toEqual([2, 0, 1, 1, 1]);
});

test("the oldest are forgotten beyond 500 models or conversations", () => {
  const { memory } = createTimed();
  for (let i = 0; i <= 500; i++) {
    memory.learn(`m${i}`, null, omitTopK);
    memory.learn("m", `c${i}`, rebuild);
  }
  expect([0, 1, 500].map((i) => memory.repairsFor(`m${i}`, null))).toEqual([[], [omitTopK], [omitTopK]]);
  expect([0, 1, 500].map((i) => memory.repairsFor("m", `c${i}`))).toEqual([[], [rebuild], [rebuild]]);
});

test("the oldest lessons of a model are forgotten beyond 100: some name tools of clients", () => {
  const { memory } = createTimed();
  const notStrict = (of: string): ChatRepair => ({ kind: "omit-strict", of, scope: "model" });
  for (let i = 0; i <= 100; i++) memory.learn("m", null, notStrict(`tool${i}`));
  const known = memory.repairsFor("m", null);
  expect([known.length, known[0], known.at(-1)]).toEqual([100, notStrict("tool1"), notStrict("tool100")]);
});
