import { expect, test } from "bun:test";
import { createDescriptorCheck } from "../../src/server/descriptors.ts";
import { countCalls } from "../performance/count-calls.ts";

test("descriptors are looked for once behind all requests of a tenth of a second", async () => {
  let closed = 0;
  const check = createDescriptorCheck(() => {
    closed += 1;
  });
  const waits = async () =>
    (
      await countCalls(globalThis, "setTimeout", () => {
        check();
        check();
      })
    ).calls;
  expect(await waits()).toBe(1);
  await Bun.sleep(200);
  expect(await waits()).toBe(1);
  await Bun.sleep(200);
  // There are enough of them.
  expect(closed).toBe(0);
});
