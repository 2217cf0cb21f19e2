import { expect, test } from "bun:test";
import { createTurnBatch } from "../../src/logging/turn-batch.ts";
import { countCalls } from "../performance/count-calls.ts";

test("what comes within a turn is handed over at its end, which is waited for once", async () => {
  const turns: number[][] = [];
  const batch = createTurnBatch<number>((items) => turns.push([...items]));
  const listeners = process.listenerCount("exit");
  const waits = await countCalls(globalThis, "setImmediate", () => {
    for (const item of [1, 2, 3]) batch.add(item);
  });
  await Bun.sleep(1);
  batch.add(4);
  expect(turns).toEqual([[1, 2, 3]]);
  expect([waits.calls, process.listenerCount("exit") - listeners]).toEqual([1, 1]);
  batch.close();
  batch.flush();
  await Bun.sleep(1);
  expect(turns).toEqual([[1, 2, 3], [4]]);
  expect(process.listenerCount("exit")).toBe(listeners);
});
