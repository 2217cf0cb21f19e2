import { expect, test } from "bun:test";
import { expectLinear } from "./expect-linear.ts";

const numbers = (size: number) => Array.from({ length: size }, (_, index) => index);

function addAll(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) for (let times = 0; times < 20; times += 1) sum += value;
  return sum;
}

function countEarlier(values: readonly number[]): number {
  let earlier = 0;
  for (const [index, value] of values.entries()) if (values.indexOf(value) === index) earlier += 1;
  return earlier;
}

test("expectLinear lets linear work pass, at once or later, and work that is capped", async () => {
  await expectLinear("sum", numbers, addAll);
  await expectLinear("a later sum", numbers, async (values) => addAll(await Promise.resolve(values)));
  await expectLinear("the first thousand", numbers, (values) => countEarlier(values.slice(0, 1000)));
  await expectLinear("a short list", numbers, countEarlier, { largestSize: 100 });
});

test("expectLinear sees the square, with much linear work beside it too", async () => {
  const both = (values: readonly number[]) => addAll(values) + countEarlier(values);
  await expect(expectLinear("the square", numbers, countEarlier)).rejects.toThrow("the square is not linear");
  await expect(expectLinear("both", numbers, both)).rejects.toThrow("both is not linear");
});
