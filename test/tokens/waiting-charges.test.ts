import { expect, test } from "bun:test";
import { WaitingCharges } from "../../src/tokens/waiting-charges.ts";

const charge = (model: string, promptTokens: number) => ({
  model,
  promptTokens,
  knownTokens: 0,
  uncounted: [],
});

test("a model waits until the last of its charges is taken, in the order of the answers", () => {
  const waiting = new WaitingCharges();
  for (const one of [charge("a", 1), charge("b", 2), charge("a", 3)]) waiting.add(one);
  const waitingModels = () => ["a", "b"].filter((model) => waiting.has(model));
  expect([waitingModels(), waiting.size]).toEqual([["a", "b"], 3]);
  expect(waiting.take(2).map(({ promptTokens }) => promptTokens)).toEqual([1, 2]);
  expect([waitingModels(), waiting.size]).toEqual([["a"], 1]);
  expect(waiting.take(5).map(({ promptTokens }) => promptTokens)).toEqual([3]);
  expect([waitingModels(), waiting.size]).toEqual([[], 0]);
});
