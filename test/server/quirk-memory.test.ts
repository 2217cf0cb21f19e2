import { expect, test } from "bun:test";
import { createQuirkMemory } from "../../src/server/quirk-memory.ts";
import type { Repair } from "../../src/translate/repair/repair.ts";

const omitTopK: Repair = { kind: "omit-field", field: "top_k", scope: "model" };
const omitStop: Repair = { kind: "omit-field", field: "stop", scope: "model" };
const cap = (maxTokens: number, scope: "model" | "request"): Repair => ({
  kind: "cap-output",
  maxTokens,
  scope,
});
const rebuild: Repair = { kind: "rebuild-without-reasoning", scope: "conversation" };

function createTimed() {
  let nowMs = 0;
  const memory = createQuirkMemory({ nowMs: () => nowMs });
  return { memory, pass: (ms: number) => (nowMs += ms) };
}

test("[R0:remembered] what a model needs is remembered for the model, in the order it was learned", () => {
  const { memory, pass } = createTimed();
  expect(memory.repairsFor("m", null)).toEqual([]);
  memory.learn("m", null, omitTopK);
  memory.learn("m", "c", omitStop);
  pass(86_400_000);
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

test("[6.4] a request without a session leaves nothing for the next one", () => {
  const { memory } = createTimed();
  memory.learn("m", null, rebuild);
  expect(memory.repairsFor("m", null)).toEqual([]);
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
