import { expect, test } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import { chatDecoder } from "../../src/protocols/chat/answer/chat-decoder.ts";
import { responsesDecoder } from "../../src/protocols/responses/answer/responses-decoder.ts";
import type { AnswerDecoder, DecodedItem } from "../../src/upstream/answer-decoder.ts";
import { createSseDecoder } from "../../src/upstream/decode-sse.ts";
import { findGrammarFaults } from "../support/grammar.ts";
import { hello } from "../support/start-pair.ts";
import { translateStream } from "../support/translate-answer.ts";
import { plainItems } from "../upstream/plain-items.ts";
import { property } from "./property.ts";

const piece = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      "data: ",
      "data:",
      "event: error\n",
      ": comment\n",
      "\n",
      "\r\n",
      "\r",
      "\n\n",
      "[DONE]",
      "id: 1\n",
      "retry: x\n",
      "\ufeff",
      "é🙂",
      '{"choices":[{"index":0,"delta":{"content":"a"}}]}',
      '{"error":{"message":"no"}}',
      '{"choices":[]}',
      '{"choices":[]}\n',
      'data:{"choices":[]}\n',
      'data: {"choices":[]}\r\n\r\n',
      'data: {"choices":[],"usage":{"prompt_tokens":1}}\n',
      '{"type":"response.output_text.delta","delta":"a"}',
      'data: {"type":"response.completed","response":{}}\n\n',
      'data: {"type":"error","code":"server_error"}\n\n',
      '{"type":"response.failed","response":{"error":{"message":"no"}}}',
      "event: response.completed\n",
      "data: ping\n",
      "data: [DONE]\n\n",
      "{",
      "null",
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
);
/** Mostly what servers send, so that lines add up to something that could go wrong. */
const bytes = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: piece.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }) },
    ),
    { maxLength: 20 },
  )
  .map((parts) => Buffer.concat(parts));

function decode(of: AnswerDecoder<object>, pieces: readonly Uint8Array[]): DecodedItem<object>[] {
  const decoder = createSseDecoder({ decoder: of });
  return [...pieces.flatMap((one) => [...decoder.push(one)]), ...decoder.finish()];
}

for (const [wire, decoder] of [
  ["chat", chatDecoder],
  ["responses", responsesDecoder],
] as const)
  property({
    name: `any bytes on ${wire} decode to the same items however they are split, and nothing follows an end`,
    area: "event-stream-bytes",
    cases: fc.tuple(bytes, fc.array(fc.nat(), { maxLength: 4 })),
    shape: z.tuple([z.instanceof(Uint8Array), z.array(z.number())]),
    check: ([all, cuts]) => {
      const positions = [0, ...cuts.map((cut) => cut % (all.length + 1)), all.length].toSorted(
        (a, b) => a - b,
      );
      const pieces = positions.slice(1).map((end, index) => all.subarray(positions[index], end));
      const items = plainItems(decode(decoder, [all]));
      expect(plainItems(decode(decoder, pieces))).toEqual(items);
      const end = items.findIndex((item) => JSON.stringify(item).includes('"kind":"item"') === false);
      expect(end === -1 || end === items.length - 1).toBe(true);
    },
  });

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    0,
    -1,
    1e9,
    1.5,
    true,
    [],
    {},
    "a",
    " ",
    "\n",
    "<think>",
    "</think>",
    "é",
  ),
  fc.string({ maxLength: 6 }),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.oneof({ weight: 6, arbitrary: value }, odd);
const call = fc.record(
  {
    index: maybe(fc.constantFrom(0, 1, 2)),
    id: maybe(fc.constantFrom("a", "b", "")),
    type: fc.constant("function"),
    function: maybe(
      fc.record(
        {
          name: maybe(
            fc.constantFrom("Read", "Write", "", "Re", "ad", "All", "Read<|channel|>x", "functions."),
          ),
          arguments: maybe(
            fc.constantFrom(
              ...[
                "",
                "{",
                '{"a":',
                "1}",
                "{}",
                '{"a":1}',
                "x",
                '{"a":1}{"a":2}',
                '{"todos":"[',
                ']"}',
                "null",
              ],
              ...["9007199254740993}", '"x":null', ",", "</tool_call>", "\\"],
            ),
          ),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);
const delta = fc.record(
  {
    role: odd,
    content: maybe(
      fc.constantFrom(
        "one",
        " ",
        "two<think>",
        "</think>three",
        "<|channel|>analysis<|message|>",
        "<｜DSML｜",
        "",
      ),
    ),
    reasoning: maybe(fc.constantFrom("hm", "")),
    reasoning_content: maybe(fc.constantFrom("hm", "")),
    reasoning_text: maybe(fc.constantFrom("hm", "")),
    reasoning_details: maybe(
      fc.array(maybe(fc.constant({ type: "reasoning.text", text: "x", index: 0 })), { maxLength: 2 }),
    ),
    refusal: odd,
    tool_calls: maybe(fc.array(maybe(call), { maxLength: 3 })),
    annotations: odd,
    images: odd,
  },
  { requiredKeys: [] },
);
const choice = fc.record(
  {
    index: maybe(fc.constantFrom(0, 0, 0, 1)),
    delta: maybe(delta),
    message: maybe(delta),
    finish_reason: maybe(fc.constantFrom(null, "stop", "tool_calls", "length", "content_filter", "error")),
    usage: odd,
    error: fc.constantFrom(undefined, null, { message: "no" }),
  },
  { requiredKeys: ["delta"] },
);
const chunk = fc.record(
  {
    id: odd,
    model: odd,
    choices: maybe(fc.array(maybe(choice), { maxLength: 2 })),
    usage: maybe(fc.record({ prompt_tokens: odd, completion_tokens: odd, prompt_tokens_details: odd })),
    error: fc.constantFrom(undefined, undefined, undefined, null, "", {}, "no", { message: "no", code: 429 }),
  },
  { requiredKeys: ["choices"] },
);
const profiles = z.enum(["generic", "openrouter", "gemini", "deepseek", "minimax", "vllm", "qwen"]);
const input_schema = {
  type: "object",
  properties: { a: { type: "number" }, todos: { type: "array" } },
  additionalProperties: false,
};
const tools = ["Read", "Write", "WriteAll"].map((name) => ({ name, input_schema }));
const target = { model: "m", request: { ...hello, stream: true, tools } };

property({
  name: "any chunks become a legal stream that says how it ended",
  area: "chunks",
  cases: fc.tuple(fc.constantFrom(...profiles.options), fc.array(chunk, { maxLength: 8 }), fc.boolean()),
  shape: z.tuple([profiles, z.array(z.unknown()), z.boolean()]),
  check: ([profile, chunks, isDone]) => {
    const text = chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join("");
    const all = Buffer.from(text + (isDone ? "data: [DONE]\n\n" : ""));
    const { sse } = translateStream({ ...target, profile }, [all]);
    expect(findGrammarFaults(Buffer.from(sse))).toEqual([]);
  },
});

test("arguments that never were an object, cut by the output limit behind the start of their call", () => {
  const opened = { tool_calls: [{ index: 0, id: "a", function: { name: "Read", arguments: "" } }] };
  const cut = { tool_calls: [{ index: 0, function: { arguments: "x" } }] };
  const chunks = [{ choices: [{ delta: opened }] }, { choices: [{ delta: cut, finish_reason: "length" }] }];
  const all = Buffer.from(chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(""));
  const { sse, message } = translateStream({ ...target, profile: "generic" }, [all]);
  expect(findGrammarFaults(Buffer.from(sse))).toEqual([]);
  expect([message?.stop_reason, message?.content]).toEqual([
    "max_tokens",
    [{ type: "tool_use", id: "a", name: "Read", input: { __unparsed_arguments: "x" } }],
  ]);
});
