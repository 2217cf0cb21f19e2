import { expect, test } from "bun:test";
import { UpstreamError } from "../../../src/openai/upstream-error.ts";
import { createTestTranslator } from "../../support/translate-answer.ts";

const estimate = { inputTokens: 1, outputTokens: 1 };
const request = { model: "c", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };
const textOf = (content: string, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason }],
});
const create = () => createTestTranslator({ profile: "generic", model: "m", request });

test("[4.1] the head is told once, whoever asks for it first", () => {
  const translator = create();
  expect(translator.start(estimate).map(({ type }) => type)).toEqual(["message_start", "ping"]);
  expect([translator.isStarted, translator.start(estimate)]).toEqual([true, []]);
  expect(translator.push(textOf("a"), estimate).map(({ type }) => type)).toEqual([
    "content_block_start",
    "content_block_delta",
  ]);
});

test("[4.1] behind its end an answer says nothing more", () => {
  const translator = create();
  translator.push(textOf("a", "stop"), estimate);
  expect(translator.finish("done", estimate).map(({ type }) => type)).toEqual([
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(translator.push(textOf("b"), estimate)).toEqual([]);
  expect(translator.finish("done", estimate)).toEqual([]);
});

test("[4.7] behind a failure an answer says nothing more, and the first failure counts", () => {
  const translator = create();
  translator.push(textOf("a"), estimate);
  const [first, second] = ["first", "second"].map((message) => new UpstreamError("network", message));
  if (first === undefined || second === undefined) throw new Error("two are made");
  translator.fail(first);
  translator.fail(second);
  expect(translator.failure).toBe(first);
  expect(translator.push(textOf("b"), estimate)).toEqual([]);
  expect(translator.finish("done", estimate)).toEqual([]);
});

test.each([
  ["end-of-body", null, true],
  ["end-of-body", "stop", false],
  ["done", null, false],
  ["stopped", null, false],
] as const)(
  "[4.7:early-end] an ending of %s behind the finish reason %p fails: %p",
  (ending, reason, fails) => {
    const translator = create();
    translator.push(textOf("a", reason), estimate);
    translator.finish(ending, estimate);
    expect(translator.failure !== null).toBe(fails);
  },
);
