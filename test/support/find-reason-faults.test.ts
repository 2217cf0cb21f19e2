import { expect, test } from "bun:test";
import { findReasonFaults } from "./find-reason-faults.ts";

test.each([
  ["", ["empty"]],
  [" ", ["blank at an end"]],
  ["model: Field required\n", ["blank at an end"]],
  ["model:", ["broken off"]],
  ["PORT=", ["broken off"]],
  ["model: wrong\n    at parse (a)", ["a stack"]],
  ["model: wrong, parse-request.ts:12", ["a stack"]],
  ["TypeError: x is not a function", ["a stack"]],
  ["messages.0.role: Field required", []],
  ["PORT must be a number.\nSettings are read from flags", []],
] as const)("a reason such as %p has the faults %p", (message, faults) => {
  expect(findReasonFaults(message)).toEqual([...faults]);
});

test("a reason of 2,000 characters is short enough, one more is not", () => {
  expect(["x".repeat(2000), "x".repeat(2001)].map(findReasonFaults)).toEqual([
    [],
    ["longer than 2,000 characters"],
  ]);
});
