import { describe, expect } from "bun:test";
import { chunk, stopChunk as stop, toolCallChunk, usageChunk } from "../support/chunks.ts";
import { json, sse } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { chatWire, type Wire, wires } from "../support/wires.ts";
import { type FaultCase, faultTest, faultTests } from "./fault-test.ts";
import { brokenOff, called, refused, whole } from "./outcomes.ts";

const one = chunk({ content: "one" });
const inCall = "UPSTREAM broke off in a tool call";
const impossible = "UPSTREAM sent a tool call with an impossible index";

/** What the client is told when it asked for a stream, and when it asked for a whole answer. */
function listCases(wire: Wire): FaultCase[] {
  const one = wire.text("one");
  const { stream } = wire;
  return [
    [
      "[row 42] events that say nothing",
      stream([...wire.noise, one, ...wire.noise, wire.end()]),
      whole("one"),
      whole("one"),
    ],
    [
      "[row 46] arguments for a call that has no name",
      stream([one, ...wire.call(3, { arguments: '{"a":1}' }), wire.end()]),
      whole("one"),
      whole("one"),
    ],
    [
      "[row 48] two calls with one id",
      stream([
        ...wire.call(0, { id: "c1", name: "Read", arguments: '{"a":1}' }),
        ...wire.call(1, { id: "c1", name: "Read", arguments: '{"a":2}' }),
        wire.end("calls"),
      ]),
      called(["Read", { a: 1 }], ["Read", { a: 2 }]),
      called(["Read", { a: 1 }], ["Read", { a: 2 }]),
    ],
    [
      "[row 49] two calls in turns",
      stream([
        ...wire.call(0, { id: "c1", name: "Read", arguments: "" }),
        ...wire.call(1, { id: "c2", name: "Write", arguments: "" }),
        ...wire.call(0, { arguments: '{"a":' }),
        ...wire.call(1, { arguments: '{"b":' }),
        ...wire.call(0, { arguments: "1}" }),
        ...wire.call(1, { arguments: "2}" }),
        wire.end("calls"),
      ]),
      {
        ...whole("", "tool_use"),
        tools: [
          ["Read", { a: 1 }],
          ["Write", { b: 2 }],
        ],
      },
      {
        ...whole("", "tool_use"),
        tools: [
          ["Read", { a: 1 }],
          ["Write", { b: 2 }],
        ],
      },
    ],
    [
      "[row 50] arguments that are never closed",
      stream([...wire.call(0, { id: "c1", name: "Read", arguments: '{"a":"b' }), wire.end("calls")]),
      { ...brokenOff("", "api_error", inCall), tools: [["Read", '{"a":"b']] },
      called(["Read", { __unparsed_arguments: '{"a":"b' }]),
    ],
    [
      "[row 50] arguments that the output limit cut",
      stream([...wire.call(0, { id: "c1", name: "Read", arguments: '{"a":"b' }), wire.end("length")]),
      { ...whole("", "max_tokens"), tools: [["Read", '{"a":"b']] },
      { ...whole("", "max_tokens"), tools: [] },
    ],
    ...["no json", "[1]", "7", '"text"', "null", "true"].flatMap((text): FaultCase[] => {
      // Null is no arguments.
      const value = text === "null" ? {} : { value: text === "no json" ? null : JSON.parse(text) };
      const told = called(["Read", text === "no json" ? { __unparsed_arguments: text } : value]);
      const name = `[row 51] arguments that are no object reach the client inside of one: ${text}`;
      return [
        [name, json(wire.bodyWithArguments(text)), told, told],
        [
          `${name}, in pieces`,
          stream([
            ...wire.call(0, { id: "c1", name: "Read", arguments: "" }),
            ...Array.from(text).flatMap((piece) => wire.call(0, { arguments: piece })),
            wire.end("calls"),
          ]),
          told,
          told,
        ],
      ];
    }),
    ...[
      ["missing", undefined],
      ["negative", { prompt_tokens: -5, completion_tokens: -1, input_tokens: -5, output_tokens: -1 }],
      ["broken", { prompt_tokens: 1.5, completion_tokens: "7", input_tokens: 1.5, output_tokens: "7" }],
      ["null", null],
    ].map(
      ([name, usage]): FaultCase => [
        `[row 54] usage that is ${name}`,
        stream([one, ...wire.endWith(usage)]),
        whole("one"),
        whole("one"),
      ],
    ),
  ];
}

/** What only Chat Completions can say. */
const chatCases: FaultCase[] = [
  [
    "[row 42] choices that are empty, null or without delta",
    sse([
      { choices: [] },
      { choices: null },
      { choices: [{ index: 0, delta: null }] },
      {},
      one,
      usageChunk(),
      stop,
    ]),
    whole("one"),
    whole("one"),
  ],
  [
    "[row 43] several choices",
    sse([
      { choices: [{ index: 1, delta: { content: "other" } }] },
      one,
      { choices: [{ index: 1, delta: { content: "more" }, finish_reason: "stop" }] },
      stop,
    ]),
    whole("one"),
    whole("one"),
  ],
  ["[row 44] two finish reasons", sse([one, stop, chunk({}, "length")]), whole("one"), whole("one")],
  [
    "[row 44] text after the finish reason",
    sse([one, stop, chunk({ content: " two" })]),
    whole("one two"),
    whole("one two"),
  ],
  [
    "[row 45] text and a call in one chunk",
    sse([
      chunk({
        content: "one",
        tool_calls: [
          { index: 0, id: "c1", type: "function", function: { name: "Read", arguments: '{"a":1}' } },
        ],
      }),
      chunk({}, "tool_calls"),
    ]),
    { ...whole("one", "tool_use"), tools: [["Read", { a: 1 }]] },
    { ...whole("one", "tool_use"), tools: [["Read", { a: 1 }]] },
  ],
  ...["-1", "1e9", "1.5", '"0"'].map(
    (index): FaultCase => [
      `[row 47] a call whose index is ${index}`,
      sse([
        `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":${index},"id":"c1","function":{"name":"Read","arguments":"{}"}}]}}]}\n\n`,
        chunk({}, "tool_calls"),
      ]),
      refused(502, "api_error", impossible),
      refused(502, "api_error", impossible),
    ],
  ),
  [
    "[row 47] a call without an index",
    sse([
      chunk({ tool_calls: [{ id: "c1", function: { name: "Read", arguments: "{}" } }] }),
      chunk({}, "tool_calls"),
    ]),
    called(["Read", {}]),
    called(["Read", {}]),
  ],
  [
    "[row 47] a call after text whose index is 1e9",
    sse([one, toolCallChunk(1e9, { id: "c1", name: "Read", arguments: "{}" }), chunk({}, "tool_calls")]),
    brokenOff("one", "api_error", impossible),
    refused(502, "api_error", impossible),
  ],
  [
    "[row 48] an id that changes in the middle of a call",
    sse([
      toolCallChunk(0, { id: "c1", name: "Read", arguments: '{"a":' }),
      toolCallChunk(0, { id: "c2", arguments: "1" }),
      toolCallChunk(0, { id: "c3", arguments: "}" }),
      chunk({}, "tool_calls"),
    ]),
    called(["Read", { a: 1 }]),
    called(["Read", { a: 1 }]),
  ],
  [
    "[row 48] a name in pieces: the first one counts, as the call has begun with it",
    sse([
      toolCallChunk(0, { id: "c1", name: "Re", arguments: "" }),
      toolCallChunk(0, { name: "ad", arguments: '{"a":1}' }),
      chunk({}, "tool_calls"),
    ]),
    called(["Re", { a: 1 }]),
    called(["Re", { a: 1 }]),
  ],
];

describe("chunks", () => faultTests(chatWire, chatCases));

describe.each(wires)("$id", (wire) => {
  const { stream } = wire;

  faultTests(wire, listCases(wire));

  faultTest(
    "[row 54] usage in what the client is told is whole numbers",
    async (stage) => {
      stage.upstream.respondWith(() =>
        stream([
          wire.text("one"),
          ...wire.endWith({
            prompt_tokens: 1.5,
            completion_tokens: "7",
            prompt_tokens_details: null,
            input_tokens: 1.5,
            output_tokens: "7",
            input_tokens_details: null,
          }),
        ]),
      );
      const { raw } = await stage.ask(hello);
      const message: { usage?: Record<string, unknown> } = JSON.parse(raw);
      for (const name of [
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
      ]) {
        expect(message.usage?.[name]).toSatisfy(
          (tokens: unknown) => Number.isInteger(tokens) && Number(tokens) >= 0,
        );
      }
    },
    { wire },
  );

  for (const [what, reply] of [
    [
      "a stream",
      stream([
        ...wire.call(0, { id: "c1", name: "Read", arguments: '{"a":1}' }),
        ...wire.call(1, { id: "c1", name: "Read", arguments: '{"a":2}' }),
        wire.end("calls"),
      ]),
    ],
    [
      "a whole answer",
      json(wire.body({ toolCalls: [1, 2].map((a) => ({ id: "c1", name: "Read", arguments: { a } })) })),
    ],
  ] as const) {
    faultTest(
      `[row 48] an id that comes twice in ${what} is given to one call only`,
      async (stage) => {
        stage.upstream.respondWith(() => reply);
        for (const stream of [true, false]) {
          const { raw } = await stage.ask({ ...hello, stream });
          const ids = [...raw.matchAll(/"type":"tool_use","id":"([^"]+)"/g)].map(([, id]) => id);
          expect(ids).toEqual(["c1", expect.stringMatching(/^toolu_/)]);
        }
      },
      { wire },
    );
  }
});
