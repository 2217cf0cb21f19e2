import { expect, test } from "bun:test";
import { createUpstreamMemory } from "../../src/learned/upstream-memory.ts";

test("[3.3:lone-tag] the tag that a model only closes is known of 500 models, until it is not shown", () => {
  const memory = createUpstreamMemory();
  for (let i = 0; i <= 500; i++) memory.loneThinkTag(`m${i}`, null).learn("<think>");
  memory.loneThinkTag("m2", null).learn(null);
  const known = [0, 1, 2, 500].map((i) => memory.loneThinkTag(`m${i}`, null).known);
  expect(known).toEqual([null, "<think>", null, "<think>"]);
  // What is expected counts until an answer has shown a tag, or none.
  const expected = [0, 1, 2].map((i) => memory.loneThinkTag(`m${i}`, "<thinking>").known);
  expect(expected).toEqual(["<thinking>", "<think>", null]);
});
