import { expect, test } from "bun:test";
import { openEnvelope } from "../../../../src/protocols/chat/answer/open-envelope.ts";

const completion = { choices: [{ message: { content: "hi" } }] };
const usage = { prompt_tokens: 1 };

test.each<[value: unknown, inside: unknown]>([
  [{ data: completion, success: true }, completion],
  [{ result: completion }, completion],
  [{ response: completion }, completion],
  [
    { output: completion, usage },
    { ...completion, usage },
  ],
  [
    { data: { ...completion, usage }, usage: { prompt_tokens: 2 } },
    { ...completion, usage },
  ],
  [{ data: { choices: [] } }, { choices: [] }],
  [{ data: 1, result: completion }, completion],
])("[4.8:envelope] %j is opened", (value, inside) => {
  expect(openEnvelope(value)).toEqual(inside);
});

test.each<[value: unknown]>([
  [null],
  ["text"],
  [[completion]],
  [completion],
  [{ ...completion, data: { choices: [{ message: { content: "other" } }] } }],
  [{ choices: null, data: completion }],
  [{ data: completion, success: false, message: "no" }],
  [{ data: completion, error: { message: "no" } }],
  [{ data: { choices: "none" } }],
  [{ data: [completion] }],
  [{ hello: "world" }],
])("[4.8:envelope] %j stays as it is", (value) => {
  expect(openEnvelope(value)).toBe(value);
});
