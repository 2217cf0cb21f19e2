import { test } from "bun:test";
import { expectLinear } from "../support/expect-linear.ts";
import { type TranslationCase, translateStream } from "../support/translate-answer.ts";

interface Call {
  name: string;
  arguments: string;
}

interface Answer {
  translationCase: TranslationCase;
  bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** An answer of `calls`, each in a chunk of its own, to a request with `tools`. */
function answerOf(tools: object[], calls: readonly Call[]): Answer {
  const chunks = calls.map((call, index) => ({
    choices: [{ index: 0, delta: { tool_calls: [{ index, id: `call_${index}`, function: call }] } }],
  }));
  const last = { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] };
  const events = [...chunks, last].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return {
    translationCase: {
      profile: "generic",
      model: "m",
      request: {
        model: "c",
        max_tokens: 100,
        stream: true,
        messages: [{ role: "user", content: "hi" }],
        tools,
      },
    },
    bytes: encoder.encode(`${events.join("")}data: [DONE]\n\n`),
  };
}

function list<Item>(size: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: size }, (_, index) => make(index));
}

/** A tool of `size` properties, of which every second has to be there. */
function wideTool(size: number): object {
  const names = list(size, (index) => `p${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  const required = names.filter((_, index) => index % 2 === 0);
  return { name: "T", input_schema: { type: "object", properties, required } };
}

const tools = (size: number) => list(size, (index) => ({ name: `T${index}`, input_schema: {} }));

test.each<[string, (size: number) => Answer]>([
  [
    "a call of a tool with many required properties",
    (size) => answerOf([wideTool(size)], [{ name: "T", arguments: '{"p1":null}' }]),
  ],
  [
    "calls of unknown names",
    (size) =>
      answerOf(
        tools(size),
        list(size, (index) => ({ name: `other ${index}`, arguments: "{}" })),
      ),
  ],
  [
    "calls in other letters",
    (size) =>
      answerOf(
        tools(size),
        list(size, (index) => ({ name: `functions.t${index}`, arguments: "{}" })),
      ),
  ],
])("[F3] %s: as long as the request and the answer are", async (name, makeAnswer) => {
  await expectLinear(
    name,
    makeAnswer,
    ({ translationCase, bytes }) => translateStream(translationCase, [bytes]),
    { largestSize: 40_000 },
  );
});
