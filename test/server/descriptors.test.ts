import { expect, test } from "bun:test";
import { createDescriptorCheck, requestsByDescriptors } from "../../src/server/descriptors.ts";
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

test.each([
  [null, Number.POSITIVE_INFINITY],
  [1024, 496],
  [37, 2],
  [36, 2],
  [35, 1],
  [0, 1],
])(
  "[row 82] of %p descriptors two are for a request each, and 32 for the program itself",
  (limit, requests) => {
    expect(requestsByDescriptors(limit)).toBe(requests);
  },
);
