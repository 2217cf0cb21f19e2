import { describe, expect, test } from "bun:test";
import { createCountMemory, withKey } from "../../src/tokens/count-memory.ts";

const bytesPerCount = 128;

/** A memory of so many counts, filled with the keys 1, 2, 3 …, each of ten tokens a number. */
async function fill(maxCounts: number, held: number) {
  const memory = createCountMemory(maxCounts * bytesPerCount);
  for (let key = 1; key <= held; key += 1) memory.set(key, Promise.resolve(key * 10));
  await Bun.sleep(0);
  const keys = () => [1, 2, 3, 4, 5, 6, 7, 8].filter((key) => memory.get(key) !== undefined);
  return { memory, keys };
}

describe("what is remembered of counts", () => {
  test("a count that is under way is given as that, and then as its number", async () => {
    const memory = createCountMemory();
    const { promise, resolve } = Promise.withResolvers<number>();
    memory.set(1, promise);
    expect(memory.get(1)).toBe(promise);
    resolve(7);
    await Bun.sleep(0);
    expect([memory.get(1), memory.get(2)]).toEqual([7, undefined]);
  });

  test("one that fails is forgotten", async () => {
    const memory = createCountMemory();
    memory.set(1, Promise.reject(new Error("no thread")));
    await Bun.sleep(0);
    expect(memory.get(1)).toBeUndefined();
  });

  test("one that has gone does not come back with its number", async () => {
    const memory = createCountMemory(0);
    const { promise, resolve } = Promise.withResolvers<number>();
    memory.set(1, promise);
    memory.trim();
    resolve(7);
    await Bun.sleep(0);
    expect(memory.get(1)).toBeUndefined();
  });

  test.each([
    [6, 6, [1, 2, 3, 4, 5, 6]],
    [6, 7, [2, 3, 4, 5, 6, 7]],
    [6, 8, [3, 4, 5, 6, 7, 8]],
  ])("of a memory of %d with %d in it the first go", async (maxCounts, held, kept) => {
    const { memory, keys } = await fill(maxCounts, held);
    memory.trim();
    expect(keys()).toEqual(kept);
  });

  // What is used while there is room for twice as much costs a look and no more.
  test.each([
    [3, [2, 3, 4, 5, 6, 7]],
    [4, [1, 3, 4, 5, 6, 7]],
  ])(
    "what is used when %d of 6 are held stays longer only when that is more than half",
    async (held, kept) => {
      const { memory, keys } = await fill(6, held);
      expect(memory.get(1)).toBe(10);
      for (let key = held + 1; key <= 7; key += 1) memory.set(key, Promise.resolve(key));
      memory.trim();
      expect(keys()).toEqual(kept);
    },
  );
});

test("a text and a document of the same content have keys of their own, the same each time", () => {
  const keyOf = (kind: "text" | "document", content: string) => withKey({ kind, content }).key;
  const keys = [keyOf("text", "a"), keyOf("document", "a"), keyOf("text", "b")];
  expect(new Set(keys).size).toBe(3);
  expect([keyOf("text", "a"), keyOf("document", "a"), keyOf("text", "b")]).toEqual(keys);
});
