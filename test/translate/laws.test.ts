import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ChatChunk } from "../../src/openai/chat-response.ts";
import { findGrammarFaults } from "../support/grammar.ts";
import { type TranslationCase, translateCompletion, translateStream } from "../support/translate-answer.ts";

/**
 * The two laws of the translation, over generated answers: how the bytes are split changes nothing (chunking),
 * and the stream of an answer folds into the message of the whole answer (agreement).
 */
const runs = Number(process.env["LAW_RUNS"] ?? 2_000);

const tools = ["Read", "Bash", "Write"].map((name) => ({
  name,
  input_schema: {
    type: "object",
    properties: { path: { type: "string" }, limit: { type: "number" } },
    required: ["path"],
  },
}));

const translationCase: TranslationCase = {
  profile: "generic",
  model: "m",
  request: { model: "claude-opus-5-5", max_tokens: 100, messages: [{ role: "user", content: "hi" }], tools },
};

interface Answer {
  reasoning: string;
  text: string;
  calls: { id: string; name: string; input: Record<string, unknown> }[];
  finishReason: string;
  usage: { prompt_tokens: number; completion_tokens: number } | null;
}

const word = fc.oneof(
  fc.constantFrom(
    "a",
    " ",
    "\n",
    "é",
    "漢字",
    "👩‍👩‍👧",
    "<think>",
    "</think>",
    '{"',
    "\\",
    "data: ",
    "\ud83d",
  ),
  fc.string({ maxLength: 6, unit: "binary" }),
);
const prose = fc.array(word, { maxLength: 12 }).map((words) => words.join(""));

/** No member that the proxy drops: that is tested by itself. */
const input = fc
  .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
  .map((object) => {
    const { limit: _limit, ...rest } = object;
    return rest;
  });

const answers: fc.Arbitrary<Answer> = fc.record({
  reasoning: prose,
  text: prose,
  calls: fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^call_[a-z0-9]{1,6}$/),
      name: fc.constantFrom("Read", "Bash", "Write"),
      input,
    }),
    {
      selector: (call) => call.id,
      maxLength: 4,
    },
  ),
  finishReason: fc.constantFrom("stop", "tool_calls", "length", "content_filter"),
  usage: fc.option(fc.record({ prompt_tokens: fc.nat(100_000), completion_tokens: fc.nat(1_000) }), {
    nil: null,
  }),
});

function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= text.length) break;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

/** How an upstream may tell the same answer. */
interface Manner {
  sizes: number[];
  /** Deltas of the calls one after the other, or in turns. */
  isInterleaved: boolean;
  hasIndex: boolean;
  allAtIndexZero: boolean;
  usageInEveryChunk: boolean;
  eol: string;
  comments: boolean;
  reasoningField: "reasoning" | "reasoning_content";
}

const manners: fc.Arbitrary<Manner> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }),
  isInterleaved: fc.boolean(),
  hasIndex: fc.boolean(),
  allAtIndexZero: fc.boolean(),
  usageInEveryChunk: fc.boolean(),
  eol: fc.constantFrom("\n", "\r\n", "\r"),
  comments: fc.boolean(),
  reasoningField: fc.constantFrom("reasoning", "reasoning_content"),
});

function callDeltas(answer: Answer, manner: Manner): unknown[] {
  const perCall = answer.calls.map((call, position) => {
    const index = manner.allAtIndexZero ? 0 : position;
    const [first = "", ...rest] = cut(JSON.stringify(call.input), manner.sizes);
    const place = manner.hasIndex ? { index } : {};
    const head = { ...place, id: call.id, type: "function", function: { name: call.name, arguments: first } };
    return [head, ...rest.map((piece) => ({ ...place, function: { arguments: piece } }))];
  });
  // Without an index of its own a fragment belongs to the last call: such servers cannot mix calls.
  if (!manner.isInterleaved || !manner.hasIndex || manner.allAtIndexZero) return perCall.flat();
  const mixed: unknown[] = [];
  for (let turn = 0; perCall.some((deltas) => turn < deltas.length); turn += 1) {
    for (const deltas of perCall) if (turn < deltas.length) mixed.push(deltas[turn]);
  }
  return mixed;
}

function encodeStream(answer: Answer, manner: Manner): Uint8Array {
  const usage = answer.usage === null || !manner.usageInEveryChunk ? {} : { usage: answer.usage };
  const chunk = (delta: unknown, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason }],
    ...usage,
  });
  const chunks: unknown[] = [
    chunk({ role: "assistant", content: "" }),
    ...cut(answer.reasoning, manner.sizes).map((piece) => chunk({ [manner.reasoningField]: piece })),
    ...cut(answer.text, manner.sizes).map((piece) => chunk({ content: piece })),
    ...callDeltas(answer, manner).map((delta) => chunk({ tool_calls: [delta] })),
    chunk({}, answer.finishReason),
  ];
  if (answer.usage !== null) chunks.push({ choices: [], usage: answer.usage });
  const { eol } = manner;
  const lines = [...chunks.map((value) => `data: ${JSON.stringify(value)}`), "data: [DONE]"];
  const comment = manner.comments ? `: OPENROUTER PROCESSING${eol}${eol}` : "";
  return new TextEncoder().encode(lines.map((line) => `${comment}${line}${eol}${eol}`).join(""));
}

function buildCompletion(answer: Answer): ChatChunk {
  const tool_calls = answer.calls.map(({ id, name, input: callInput }) => ({
    id,
    type: "function",
    function: { name, arguments: JSON.stringify(callInput) },
  }));
  return {
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: answer.text,
          reasoning_content: answer.reasoning,
          ...(tool_calls.length > 0 ? { tool_calls } : {}),
        },
        finish_reason: answer.finishReason,
      },
    ],
    usage: answer.usage,
  };
}

function* split(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let turn = 0;
  for (let at = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe("generated answers", () => {
  test("[4.2:split] chunking law: any split of the bytes gives the same legal events", () => {
    fc.assert(
      fc.property(
        answers,
        manners,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        (answer, manner, sizes) => {
          const bytes = encodeStream(answer, manner);
          const whole = translateStream(translationCase, [bytes]).sse;
          expect(translateStream(translationCase, split(bytes, sizes)).sse).toBe(whole);
          expect(findGrammarFaults(new TextEncoder().encode(whole))).toEqual([]);
        },
      ),
      { numRuns: runs, verbose: 1 },
    );
  });

  test("[3.1:agreement] agreement law: the folded stream is the message of the whole answer", () => {
    fc.assert(
      fc.property(answers, manners, (answer, manner) => {
        const streamed = translateStream(translationCase, [encodeStream(answer, manner)]);
        const whole = translateCompletion(translationCase, buildCompletion(answer));
        expect(streamed.message).toEqual(whole.message);
      }),
      { numRuns: runs, verbose: 1 },
    );
  });
});
