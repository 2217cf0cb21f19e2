import { describe, expect, test } from "bun:test";
import { createAnswerWatch } from "../../../../src/protocols/chat/answer/no-answer.ts";

const choice = { choices: [{ index: 0 }] };
const usage = { usage: { prompt_tokens: 1 } };

/** What the failure of an answer of these chunks says; null when it is none. */
function failureOf(chunks: readonly object[], isDone = true): string | null {
  const watch = createAnswerWatch();
  for (const chunk of chunks) watch.see(chunk);
  return watch.failure(isDone)?.message ?? null;
}

const without = (text: string) => `The upstream's answer has no choices: ${text}`;

describe("[4.8:none] what came instead of an answer", () => {
  test.each<[string, object[], string | null]>([
    ["nothing", [], "The upstream's answer ended before it began"],
    ["a choice", [choice], null],
    ["a choice behind another that is none", [{ choices: [null, { index: 1 }] }], null],
    ["no choice", [{ choices: [] }], without('{"choices":[]}')],
    ["choices that are none", [{ choices: [null] }], without('{"choices":[null]}')],
    ["usage alone", [usage], null],
    ["Groq's usage alone", [{ x_groq: usage }], null],
    ["something else, of which the first is told", [{ a: 1 }, { b: 2 }], without('{"a":1}')],
    ["something else beside a choice", [{ a: 1 }, choice], null],
    ["a code", [{ code: 7 }], without('{"code":7}')],
    ["a code in place of a choice", [choice, { msg: "no" }], without('{"msg":"no"}')],
    [
      "a message with the usage in place of an answer",
      [{ ...usage, message: "no" }],
      without('{"usage":{"prompt_tokens":1},"message":"no"}'),
    ],
    ["a message with the usage behind an answer", [choice, { ...usage, message: "bye" }], null],
    ["the last of two failures", [{ detail: "a" }, { detail: "b" }], without('{"detail":"b"}')],
  ])("%s", (_, chunks, expected) => {
    expect(failureOf(chunks)).toBe(expected);
  });

  test.each<[string, object[], string | null]>([
    ["a choice", [choice], null],
    ["a chunk that is still without one", [{ choices: [] }], null],
    ["usage", [usage], null],
    ["nothing", [], null],
    ["something else", [{ a: 1 }], without('{"a":1}')],
    ["a failure", [{ code: 7 }], without('{"code":7}')],
  ])("[turn 29] before an end without [DONE]: %s", (_, chunks, expected) => {
    expect(failureOf(chunks, false)).toBe(expected);
  });

  test("no more than 200 characters of it are told", () => {
    expect(failureOf([{ a: "x".repeat(1000) }])).toBe(without(`{"a":"${"x".repeat(193)}…`));
  });

  test("it is the body of a success", () => {
    const watch = createAnswerWatch();
    watch.see({ code: 7 });
    expect(watch.failure(true)).toMatchObject({ kind: "http", status: 200, body: { code: 7 } });
    expect(watch.failure(true)?.setUp).toBeUndefined();
    expect(createAnswerWatch().failure(true)).toMatchObject({ status: 200, body: {}, setUp: "doubtful" });
  });
});
