import { expect, test } from "bun:test";
import { checkMessagesRequest } from "../../src/anthropic/check-request.ts";
import { parseRequest } from "../../src/server/parse-request.ts";
import type { StepRunner } from "../../src/turns/run-steps.ts";
import { runNow } from "../../src/turns/turns.ts";
import { hello } from "../support/start-pair.ts";

const encoder = new TextEncoder();

/** Steps that the parsing of a body of so many bytes, or a few more, takes. */
async function countSteps(bytes: number): Promise<number> {
  let steps = 0;
  const runStep: StepRunner = (step) => {
    steps += 1;
    return runNow(step);
  };
  const body = { ...hello, messages: [{ role: "user", content: "x".repeat(bytes) }] };
  await parseRequest(encoder.encode(JSON.stringify(body)), checkMessagesRequest, () => {}, runStep);
  return steps;
}

test("[F3] a body that is not large is parsed at once, a large one in steps", async () => {
  expect([await countSteps(10), await countSteps(500 * 1024)]).toEqual([1, 1]);
  expect(await countSteps(512 * 1024)).toBeGreaterThan(3);
});

test("what is wrong with a body's JSON is told in a few words", async () => {
  const parsing = parseRequest(encoder.encode(`{"a": ${"x".repeat(500)}}`), checkMessagesRequest, () => {});
  await expect(parsing).rejects.toThrow(/^body: not valid JSON \(.{120}\)$/);
});
