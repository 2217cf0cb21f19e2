import { expect, test } from "bun:test";
import { describeError } from "../../src/logging/describe-error.ts";

/** An error behind which stand so many causes, named by their distance from it. */
function chainOf(causes: number): Error {
  let error = new Error(`${causes}`);
  for (let number = causes - 1; number >= 0; number -= 1) error = new Error(`${number}`, { cause: error });
  return error;
}

test.each([0, 1, 4, 5, 6, 20])("of %d causes, each behind the other, five are told", (causes) => {
  const numbers = Array.from({ length: Math.min(causes, 5) + 1 }, (_, index) => `Error: ${index}`);
  expect(describeError(chainOf(causes))).toBe(numbers.join(", caused by "));
});

test.each<[string, object, string]>([
  ["a code", { code: "ECONNREFUSED" }, "TypeError: failed (ECONNREFUSED)"],
  ["a code that is no text", { code: 7 }, "TypeError: failed"],
  ["a cause that is no error", { cause: "because" }, "TypeError: failed"],
  ["what the error carries", { request: "the key" }, "TypeError: failed"],
])("%s", (_, members, told) => {
  expect(describeError(Object.assign(new TypeError("failed"), members))).toBe(told);
});
