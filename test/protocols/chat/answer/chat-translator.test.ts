import { expect, test } from "bun:test";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";
import { createTestTranslator } from "../../../support/translate-answer.ts";

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

const usage = { prompt_tokens: 7, completion_tokens: 3 };

/** What is known at the end of an answer of these chunks. */
function summaryOf(chunks: readonly object[], ending: "done" | "stopped" = "done") {
  const translator = create();
  for (const chunk of chunks) translator.push(chunk, estimate);
  translator.finish(ending, estimate);
  const { usage: sent, ...summary } = translator.summary;
  return { ...summary, tokens: sent === null ? null : [sent.input_tokens, sent.output_tokens] };
}

test.each<[string, object[], ReturnType<typeof summaryOf>]>([
  [
    "all of it",
    [{ id: "up", ...textOf("a", "stop"), usage }],
    { upstreamId: "up", stopReason: "end_turn", warnings: [], tokens: [7, 3] },
  ],
  [
    "the first id",
    [
      { id: "", ...textOf("a") },
      { id: "one", ...textOf("b") },
      { id: "two", ...textOf("c", "stop"), usage },
    ],
    { upstreamId: "one", stopReason: "end_turn", warnings: [], tokens: [7, 3] },
  ],
  [
    "the last usage, whichever chunks have none",
    [
      { ...textOf("a"), usage: { prompt_tokens: 1, completion_tokens: 1 } },
      { ...textOf("b"), usage },
      textOf("c", "length"),
    ],
    { upstreamId: null, stopReason: "max_tokens", warnings: [], tokens: [7, 3] },
  ],
  [
    "no usage and no finish reason",
    [textOf("a")],
    {
      upstreamId: null,

      stopReason: "end_turn",
      warnings: ["the upstream gave no finish reason", "the upstream told no usage"],
      tokens: [1, 1],
    },
  ],
  [
    "a second choice",
    [{ choices: [{ index: 1, delta: { content: "b" } }, ...textOf("a", "stop").choices], usage }],
    {
      upstreamId: null,

      stopReason: "end_turn",
      warnings: ["a second choice was left out"],
      tokens: [7, 3],
    },
  ],
])("what the log is told of an answer: %s", (_, chunks, summary) => {
  expect(summaryOf(chunks)).toEqual(summary);
});

test("what the log is told of an answer that has not ended is what is known of it", () => {
  const translator = create();
  translator.push({ id: "up", ...textOf("a", "stop"), usage }, estimate);
  expect(translator.summary).toEqual({
    stopReason: null,
    usage: null,
    upstreamId: "up",

    warnings: [],
  });
});
