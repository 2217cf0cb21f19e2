import { expect, test } from "bun:test";
import { findGrammarFaults, parseWireEvents } from "./grammar.ts";

type Event = { type: string; [member: string]: unknown };

const usage = {
  input_tokens: 3,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
};

const start = {
  type: "message_start",
  message: {
    id: "msg_0123456789ABCDEFabcdefgh",
    type: "message",
    role: "assistant",
    model: "m",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  },
};
const textStart = (index: number) => ({
  type: "content_block_start",
  index,
  content_block: { type: "text", text: "", citations: null },
});
const thinkingStart = (index: number) => ({
  type: "content_block_start",
  index,
  content_block: { type: "thinking", thinking: "", signature: "" },
});
const toolStart = (index: number) => ({
  type: "content_block_start",
  index,
  content_block: { type: "tool_use", id: "toolu_1", name: "Read", input: {} },
});
const delta = (index: number, value: object) => ({ type: "content_block_delta", index, delta: value });
const text = (index: number, value: string) => delta(index, { type: "text_delta", text: value });
const stop = (index: number) => ({ type: "content_block_stop", index });
const messageDelta = {
  type: "message_delta",
  delta: { stop_reason: "end_turn", stop_sequence: null },
  usage,
};
const messageStop = { type: "message_stop" };
const error = {
  type: "error",
  error: { type: "api_error", message: "gone" },
  request_id: "req_0123456789ABCDEFabcdefgh",
};

const encode = (events: readonly { type: string }[]) =>
  new TextEncoder().encode(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
  );

const faultsOf = (...events: { type: string }[]) => findGrammarFaults(encode(events));

test("legal streams have no fault", () => {
  const thinking = [
    delta(0, { type: "thinking_delta", thinking: "t" }),
    delta(0, { type: "signature_delta", signature: "s" }),
  ];
  const input = delta(2, { type: "input_json_delta", partial_json: "{}" });
  expect(
    faultsOf(
      start,
      { type: "ping" },
      thinkingStart(0),
      ...thinking,
      stop(0),
      textStart(1),
      text(1, "a"),
      stop(1),
      toolStart(2),
      input,
      stop(2),
      messageDelta,
      messageStop,
    ),
  ).toEqual([]);
  expect(faultsOf(start, messageDelta, messageStop)).toEqual([]);
  expect(faultsOf(start, textStart(0), text(0, "a"), error)).toEqual([]);
  expect(faultsOf(error)).toEqual([]);
});

test("the wire form is exact", () => {
  const bytes = (value: string) => new TextEncoder().encode(value);
  expect(findGrammarFaults(bytes('data: {"type":"ping"}\n\n'))).toEqual([
    'Error: not an event: "data: {\\"type\\":\\"ping\\"}"',
  ]);
  expect(findGrammarFaults(bytes('event: ping\ndata: {"type":"ping"}\n'))).toEqual([
    "Error: the stream does not end with a blank line",
  ]);
  expect(findGrammarFaults(bytes("event: ping\ndata: [1]\n\n"))).toEqual(["Error: not an object: [1]"]);
  expect(parseWireEvents(bytes('event: ping\ndata: {"type":"ping"}\n\n'))).toEqual([
    { name: "ping", data: { type: "ping" } },
  ]);
});

test.each<[string, Event[], string[]]>([
  [
    "text before the start",
    [textStart(0), text(0, "a"), stop(0)],
    [
      "content_block_start before message_start",
      "content_block_delta before message_start",
      "content_block_stop before message_start",
      "the stream has no end",
    ],
  ],
  ["two starts", [start, start, messageDelta, messageStop], ["a second message_start"]],
  [
    "a skipped index",
    [start, textStart(1), text(0, "a"), stop(0), messageDelta, messageStop],
    ["block index 1 where 0 was due"],
  ],
  [
    "two open blocks",
    [start, textStart(0), text(0, "a"), toolStart(1), stop(1), messageDelta, messageStop],
    ["block 1 starts in block 0", "an empty tool_use block"],
  ],
  [
    "a delta for a closed block",
    [start, textStart(0), text(0, "a"), stop(0), text(0, "b"), messageDelta, messageStop],
    ["text_delta for block 0, which is not open"],
  ],
  [
    "a delta of another kind",
    [start, toolStart(0), text(0, "a"), stop(0), messageDelta, messageStop],
    ["text_delta in a tool_use block"],
  ],
  [
    "two tool uses with one id",
    [
      start,
      toolStart(0),
      delta(0, { type: "input_json_delta", partial_json: "{}" }),
      stop(0),
      toolStart(1),
      delta(1, { type: "input_json_delta", partial_json: "{}" }),
      stop(1),
      messageDelta,
      messageStop,
    ],
    ["tool id toolu_1 comes twice"],
  ],
  ["an empty text block", [start, textStart(0), stop(0), messageDelta, messageStop], ["an empty text block"]],
  [
    "an empty delta",
    [start, textStart(0), text(0, ""), text(0, "a"), stop(0), messageDelta, messageStop],
    ["an empty text_delta"],
  ],
  [
    "two signatures",
    [
      start,
      thinkingStart(0),
      delta(0, { type: "signature_delta", signature: "a" }),
      delta(0, { type: "signature_delta", signature: "b" }),
      stop(0),
      messageDelta,
      messageStop,
    ],
    ["signature_delta after the signature"],
  ],
  [
    "an open block at the end",
    [start, textStart(0), text(0, "a"), messageDelta, messageStop],
    ["message_delta while block 0 is open"],
  ],
  ["no message_delta", [start, messageStop], ["message_stop without message_delta"]],
  ["no message_stop", [start, messageDelta], ["the stream has no end"]],
  [
    "events after message_delta",
    [start, messageDelta, textStart(0), messageStop],
    ["content_block_start after message_delta"],
  ],
  ["events after message_stop", [start, messageDelta, messageStop, { type: "ping" }], ["ping after the end"]],
  [
    "events after an error",
    [start, error, messageDelta, messageStop],
    ["message_delta after the end", "message_stop after the end"],
  ],
  [
    "no usage",
    [start, { ...messageDelta, usage: { ...usage, output_tokens: "3", input_tokens: -1 } }, messageStop],
    ["message_delta: input_tokens is -1", "message_delta: output_tokens is 3"],
  ],
  [
    "an unknown stop reason",
    [start, { ...messageDelta, delta: { stop_reason: "stop" } }, messageStop],
    ["stop reason stop", "message_delta without stop_sequence"],
  ],
  [
    "an error without its parts",
    [start, { type: "error" }],
    ["error without a type", "error without a message", "error without a request_id"],
  ],
])("finds %s", (_, events, faults) => {
  expect(faultsOf(...events)).toEqual(faults);
});

test("finds an event line that is not the type", () => {
  const bytes = new TextEncoder().encode('event: ping\ndata: {"type":"pong"}\n\n');
  expect(findGrammarFaults(bytes)).toEqual(["event line ping for type pong", "the stream has no end"]);
});
