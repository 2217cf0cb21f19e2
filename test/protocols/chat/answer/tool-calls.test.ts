import { describe, expect, test } from "bun:test";
import { ToolCallReader } from "../../../../src/protocols/chat/answer/tool-call-reader.ts";
import type { ToolCallDelta } from "../../../../src/protocols/chat/chat-response.ts";
import { AnswerRoom } from "../../../../src/translate/answer/answer-room.ts";
import type { CallCut } from "../../../../src/translate/answer/calls/call-cut.ts";
import { ToolCalls } from "../../../../src/translate/answer/calls/tool-calls.ts";
import { RequestedTools } from "../../../../src/translate/tools/requested-tools.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";

const properties = { n: { type: "string" }, pages: { type: "string" } };

/** False when the step fails in this way. */
function succeeds(step: () => void, failure: string): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof UpstreamError && error.message === failure) return false;
    throw error;
  }
}

/** Calls of which everything written is noted in one list. */
function createCalls({ holdsArguments = false, usedToolIds = [] as string[] } = {}) {
  const written: string[] = [];
  let made = 0;
  const room = new AnswerRoom();
  const tools = new ToolCalls(
    {
      plan: {
        tools: new RequestedTools(
          ["Bash", "Read"].map((name) => [name, { name, inputSchema: { properties } }]),
        ),
        usedToolIds: new Set(usedToolIds),
      },
      newToolId: () => `new${++made}`,
      holdsArguments,
      room,
    },
    {
      start: ({ id, name, thoughtSignature }) =>
        written.push(`start ${id} ${name}${thoughtSignature === null ? "" : ` signed ${thoughtSignature}`}`),
      arguments: (json) => written.push(json),
      stop: () => written.push("stop"),
      warn: (text) => written.push(`warn: ${text}`),
    },
  );
  const reader = new ToolCallReader(() => tools.begin(), room);
  const calls = {
    get begun() {
      return tools.begun;
    },
    get written() {
      return tools.written;
    },
    push: (delta: ToolCallDelta) =>
      succeeds(() => reader.push(delta), "the upstream sent a tool call with an impossible index"),
    closeForText: () => tools.closeForText(),
    finish: (cut: CallCut) => succeeds(() => tools.finish(cut), "the upstream broke off in a tool call"),
  };
  return { calls, written };
}

/** One delta: index, id, name, arguments. */
type Told = readonly [index: unknown, id: unknown, name: unknown, json: unknown, extra?: unknown];

function deltaOf([index, id, name, json, extra]: Told): ToolCallDelta {
  return { index, id, function: { name, arguments: json }, extra_content: extra };
}

/** What is written of these deltas, and at their end. */
function write(deltas: readonly Told[], cut: CallCut = "unexpected", options = {}): string[] {
  const { calls, written } = createCalls(options);
  for (const delta of deltas) expect(calls.push(deltaOf(delta))).toBe(true);
  if (!calls.finish(cut)) written.push("broken off");
  return written;
}

const none = undefined;
const whole = '{"a":"b"}';

describe("[4.5] which call a delta belongs to", () => {
  test.each<[string, Told[], string[]]>([
    [
      "the same index",
      [
        [0, "x", "Bash", '{"a"'],
        [0, none, none, ':"b"}'],
      ],
      ["start x Bash", '{"a"', ':"b"}', "stop"],
    ],
    [
      "another index begins another call",
      [
        [0, "x", "Bash", whole],
        [1, "y", "Read", whole],
      ],
      ["start x Bash", whole, "stop", "start y Read", whole, "stop"],
    ],
    [
      "mixed indices: one behind the other, in the order of their begin",
      [
        [3, "x", "Bash", '{"a":'],
        [1, "y", "Read", '{"a":'],
        [3, none, none, '"b"}'],
        [1, none, none, '"b"}'],
      ],
      ["start x Bash", '{"a":', '"b"}', "stop", "start y Read", '{"a":', '"b"}', "stop"],
    ],
    [
      "the same index with another id and a name begins another call",
      [
        [0, "x", "Bash", whole],
        [0, "y", "Bash", whole],
      ],
      ["start x Bash", whole, "stop", "start y Bash", whole, "stop"],
    ],
    [
      "the same index with another id and no name goes on",
      [
        [0, "x", "Bash", '{"a":'],
        [0, "y", none, '"b"}'],
      ],
      ["start x Bash", '{"a":', '"b"}', "stop"],
    ],
    [
      "the same index and an id that came before goes back to that call",
      [
        [0, "x", "Bash", '{"a":'],
        [0, "y", "Bash", whole],
        [0, "x", none, '"b"}'],
      ],
      ["start x Bash", '{"a":', '"b"}', "stop", "start y Bash", whole, "stop"],
    ],
    [
      "the same index, no id, and a name behind a whole object begins another call",
      [
        [0, none, "Bash", whole],
        [0, none, "Read", whole],
      ],
      ["start new1 Bash", whole, "stop", "start new2 Read", whole, "stop"],
    ],
    [
      "the same index, no id, and the name again before the object is whole goes on",
      [
        [0, none, "Bash", '{"a":'],
        [0, none, "Bash", '"b"}'],
      ],
      ["start new1 Bash", '{"a":', '"b"}', "stop"],
    ],
    [
      "the same index, the same id and the name again goes on",
      [
        [0, "x", "Bash", whole],
        [0, "x", "Bash", ""],
      ],
      ["start x Bash", whole, "stop"],
    ],
    [
      "no index and no id goes on with the last call",
      [
        [none, "x", "Bash", '{"a":'],
        [none, none, none, '"b"}'],
      ],
      ["start x Bash", '{"a":', '"b"}', "stop"],
    ],
    [
      "no index and an id that is known goes on with its call",
      [
        [none, "x", "Bash", '{"a":'],
        [none, "y", "Read", whole],
        [none, "x", none, '"b"}'],
      ],
      ["start x Bash", '{"a":', '"b"}', "stop", "start y Read", whole, "stop"],
    ],
    [
      "no index and a new id begins another call",
      [
        [none, "x", "Bash", whole],
        [none, "y", "Bash", whole],
      ],
      ["start x Bash", whole, "stop", "start y Bash", whole, "stop"],
    ],
    [
      "no index, no id, and a name behind a whole object begins another call",
      [
        [none, none, "Bash", whole],
        [none, none, "Bash", whole],
      ],
      ["start new1 Bash", whole, "stop", "start new2 Bash", whole, "stop"],
    ],
    [
      "no index, no id, and the name again before the object is whole goes on",
      [
        [none, none, "Bash", '{"a":'],
        [none, none, "Bash", '"b"}'],
      ],
      ["start new1 Bash", '{"a":', '"b"}', "stop"],
    ],
    [
      "an id that comes late is the call's, where it has not begun",
      [
        [0, none, none, '{"a":'],
        [0, "x", "Bash", '"b"}'],
      ],
      ["start x Bash", `{"a":"b"}`, "stop"],
    ],
    [
      "of two calls of one id the first one is meant",
      [
        [0, "x", "Bash", '{"a":'],
        [1, "x", "Read", '{"a":'],
        [none, "x", none, '"b"}'],
        [1, none, none, '"c"}'],
      ],
      ["start x Bash", '{"a":', '"b"}', "stop", "start new1 Read", '{"a":', '"c"}', "stop"],
    ],
  ])("%s", (_, deltas, written) => {
    expect(write(deltas)).toEqual(written);
  });

  test.each([-1, 0.5, 1_000_000, "0", Number.NaN, true, {}])("an index can not be %p", (index) => {
    const { calls, written } = createCalls();
    expect(calls.push(deltaOf([index, "x", "Bash", whole]))).toBe(false);
    expect([written, calls.begun, calls.written]).toEqual([[], 0, 0]);
  });

  test.each([0, 999_999, null, undefined])("an index can be %p", (index) => {
    const { calls, written } = createCalls();
    expect(calls.push(deltaOf([index, "x", "Bash", whole]))).toBe(true);
    expect([written, calls.begun, calls.written]).toEqual([["start x Bash", whole], 1, 1]);
  });
});

describe("[3.5] what is written of a call", () => {
  test.each<[string, Told[], string[]]>([
    ["its arguments as an object", [[0, "x", "Bash", { a: "b" }]], ["start x Bash", whole, "stop"]],
    ["no arguments", [[0, "x", "Bash", null]], ["start x Bash", "{}", "stop"]],
    [
      "arguments that came before its name",
      [
        [0, "x", none, whole],
        [0, none, "Bash", ""],
      ],
      ["start x Bash", whole, "stop"],
    ],
    [
      "a second name",
      [
        [0, "x", "Bash", '{"a":'],
        [0, none, "Read", '"b"}'],
      ],
      ["start x Bash", '{"a":', "warn: a second name for a tool call was ignored", '"b"}', "stop"],
    ],
    [
      "no name: it is left out",
      [
        [0, "x", none, whole],
        [1, "y", "Bash", whole],
      ],
      ["warn: a tool call without a name was left out", "start y Bash", whole, "stop"],
    ],
    [
      "an empty name and an empty id are none",
      [
        [0, "", "", whole],
        [0, "x", "Bash", ""],
      ],
      ["start x Bash", whole, "stop"],
    ],
    [
      "arguments behind its end",
      [
        [0, "x", "Bash", whole],
        [1, "y", "Bash", whole],
        [0, none, none, "more"],
      ],
      [
        "start x Bash",
        whole,
        "stop",
        "start y Bash",
        whole,
        "stop",
        "start new1 Bash",
        '{"__unparsed_arguments":"{\\"a\\":\\"b\\"}more"}',
        "stop",
        "warn: tool arguments were no valid JSON",
      ],
    ],
    [
      "another object behind its end: another call",
      [
        [0, "x", "Bash", whole],
        [1, "y", "Read", whole],
        [0, none, none, '{"a":'],
        [1, none, none, '{"n":1}'],
        [0, none, none, '"c"}{"a":"d"}'],
      ],
      [
        "start x Bash",
        whole,
        "stop",
        "start y Read",
        whole,
        "stop",
        "start new1 Read",
        '{"n":1}',
        "stop",
        "warn: arguments of several calls came in one",
        "start new2 Bash",
        '{"a":"c"}',
        "stop",
        "start new3 Bash",
        '{"a":"d"}',
        "stop",
        "warn: arguments of several calls came in one",
      ],
    ],
    [
      "its arguments once more, behind its end",
      [
        [0, "x", "Bash", whole],
        [1, "y", "Read", whole],
        [0, none, none, '{"a":'],
        [0, none, none, '"b"}'],
      ],
      [
        "start x Bash",
        whole,
        "stop",
        "start y Read",
        whole,
        "stop",
        "warn: arguments that came twice were taken once",
      ],
    ],
    [
      "marks behind its end",
      [
        [0, "x", "Bash", whole],
        [1, "y", "Read", whole],
        [0, none, none, "</tool_call>"],
      ],
      [
        "start x Bash",
        whole,
        "stop",
        "start y Read",
        whole,
        "stop",
        "warn: text behind the tool arguments was left out",
      ],
    ],
    [
      "another object, of which a part comes behind the begin of another call",
      [
        [0, "x", "Bash", `${whole}{"a":`],
        [1, "y", "Read", whole],
        [0, none, none, '"c"}'],
      ],
      [
        "start x Bash",
        whole,
        "stop",
        "start new1 Bash",
        '{"a":"c"}',
        "stop",
        "warn: arguments of several calls came in one",
        "start y Read",
        whole,
        "stop",
      ],
    ],
    [
      "blanks behind its end",
      [
        [0, "x", "Bash", whole],
        [1, "y", "Bash", whole],
        [0, none, none, " \n"],
      ],
      ["start x Bash", whole, "stop", "start y Bash", whole, "stop"],
    ],
    [
      "no name, behind another call",
      [
        [0, "x", "Bash", whole],
        [1, "y", none, whole],
        [2, "z", none, whole],
        [3, "w", "Bash", whole],
      ],
      [
        "start x Bash",
        whole,
        "stop",
        "warn: a tool call without a name was left out",
        "warn: a tool call without a name was left out",
        "start w Bash",
        whole,
        "stop",
      ],
    ],
    [
      "the first of two ids",
      [
        [0, "x", none, ""],
        [0, "y", none, ""],
        [0, none, "Bash", whole],
      ],
      ["start x Bash", whole, "stop"],
    ],
    [
      "text behind its object",
      [[0, "x", "Bash", `${whole}more`]],
      ["start x Bash", `${whole}\nmore`, "stop", "warn: tool arguments were no valid JSON"],
    ],
    [
      "arguments that are no JSON",
      [[0, "x", "Bash", '{"a":nonsense}']],
      ["start x Bash", '{"a":nonsense}', "stop", "warn: tool arguments were no valid JSON"],
    ],
    [
      "a signature",
      [[0, "x", "Bash", whole, { google: { thought_signature: "s" } }]],
      ["start x Bash signed s", whole, "stop"],
    ],
    [
      "the first of its signatures",
      [
        [0, "x", none, "", { google: { thought_signature: "s" } }],
        [0, none, "Bash", whole, { google: { thought_signature: "t" } }],
      ],
      ["start x Bash signed s", whole, "stop"],
    ],
    [
      "the name of the tool that is meant",
      [[0, "x", "functions.bash", whole]],
      ["start x Bash", whole, "stop"],
    ],
    ["a name that nobody knows", [[0, "x", "Other", whole]], ["start x Other", whole, "stop"]],
    [
      "no null where the tool takes none",
      [[0, "x", "Bash", '{"n":null,"b":1}']],
      ["start x Bash", '{"b":1}', "stop"],
    ],
    [
      "no empty pages, of Read alone",
      [
        [0, "x", "Read", '{"pages":""}'],
        [1, "y", "Bash", '{"pages":""}'],
      ],
      ["start x Read", "{}", "stop", "start y Bash", '{"pages":""}', "stop"],
    ],
  ])("%s", (_, deltas, written) => {
    // Pieces that are sent one behind the other are one text.
    const joined = write(deltas).join("\n");
    expect(joined).toBe(written.join("\n"));
  });

  test.each([
    ["x", "x"],
    ["A_z-09", "A_z-09"],
    ["i".repeat(64), "i".repeat(64)],
    ["i".repeat(65), "new1"],
    ["functions.Bash:0", "new1"],
    ["used", "new1"],
    [none, "new1"],
    [7, "new1"],
  ])("the id %p as %s", (id, told) => {
    expect(write([[0, id, "Bash", whole]], "unexpected", { usedToolIds: ["used"] })[0]).toBe(
      `start ${told} Bash`,
    );
  });

  test("an id that was given to a call of this answer not again", () => {
    const ids = write([
      [0, "x", "Bash", whole],
      [1, "x", "Bash", whole],
      [2, "new1", "Bash", whole],
    ]);
    expect(ids.filter((line) => line.startsWith("start"))).toEqual([
      "start x Bash",
      "start new1 Bash",
      "start new2 Bash",
    ]);
  });
});

describe("[3.5] the end of calls", () => {
  const beginning = '{"a":"b';
  test.each<[string, CallCut, boolean, Told[], string[]]>([
    [
      "broken off",
      "unexpected",
      false,
      [[0, "x", "Bash", beginning]],
      ["start x Bash", beginning, "broken off"],
    ],
    ["cut", "expected", false, [[0, "x", "Bash", beginning]], ["start x Bash", beginning, "stop"]],
    [
      "cut, of which nothing was sent",
      "expected",
      true,
      [[0, "x", "Bash", beginning]],
      ["warn: a tool call that was cut off was left out"],
    ],
    [
      "cut before its first argument",
      "expected",
      true,
      [[0, "x", "Bash", ""]],
      ["warn: a tool call that was cut off was left out"],
    ],
    [
      "two that were cut",
      "expected",
      false,
      [
        [0, "x", "Bash", beginning],
        [1, "y", "Bash", beginning],
      ],
      ["start x Bash", beginning, "stop", "warn: a tool call that was cut off was left out"],
    ],
    [
      "held until it is whole",
      "unexpected",
      true,
      [[0, "x", "Bash", whole]],
      ["start x Bash", whole, "stop"],
    ],
    [
      "mended",
      "unexpected",
      true,
      [[0, "x", "Bash", '{"a":"b",}']],
      ["start x Bash", whole, "stop", "warn: tool arguments were no valid JSON and were repaired"],
    ],
    [
      "beyond mending",
      "unexpected",
      true,
      [[0, "x", "Bash", '{"a":nonsense}']],
      [
        "start x Bash",
        '{"__unparsed_arguments":"{\\"a\\":nonsense}"}',
        "stop",
        "warn: tool arguments were no valid JSON",
      ],
    ],
    [
      "an earlier call without arguments is whole, whatever the end",
      "expected",
      true,
      [
        [0, "x", "Bash", ""],
        [1, "y", "Bash", beginning],
      ],
      ["start x Bash", "{}", "stop", "warn: a tool call that was cut off was left out"],
    ],
  ])("%s", (_, cut, holdsArguments, deltas, written) => {
    expect(write(deltas, cut, { holdsArguments })).toEqual(written);
  });

  test("text may follow where the open call is whole, and no other waits", () => {
    const { calls, written } = createCalls();
    expect(calls.closeForText()).toBe(true);
    calls.push(deltaOf([0, "x", "Bash", '{"a":']));
    expect(calls.closeForText()).toBe(false);
    calls.push(deltaOf([0, none, none, '"b"}']));
    expect(calls.closeForText()).toBe(true);
    calls.push(deltaOf([1, none, none, whole]));
    expect(calls.closeForText()).toBe(false);
    calls.push(deltaOf([1, "y", "Bash", ""]));
    calls.push(deltaOf([2, "z", none, whole]));
    expect(calls.closeForText()).toBe(false);
    expect(written).toEqual(["start x Bash", '{"a":', '"b"}', "stop", "start y Bash", whole, "stop"]);
    expect([calls.begun, calls.written]).toEqual([3, 2]);
  });

  test.each<[string, Told]>([
    ["an id", [0, "i".repeat(5_000_000), "Bash", ""]],
    ["a name", [0, "x", "n".repeat(5_000_000), ""]],
    ["arguments", [0, "x", "Bash", " ".repeat(5_000_000)]],
    ["what stands beside it", [0, "x", "Bash", "", { other: "o".repeat(5_000_000) }]],
  ])("the room of the answer has an end: %s of megabytes", (_, delta) => {
    const { calls } = createCalls();
    const push = () => calls.push(deltaOf(delta));
    for (let count = 0; count < 6; count += 1) push();
    expect(push).toThrow("The upstream's answer is longer than 33554432 characters");
  });

  test("the room of the answer has an end: calls without number", () => {
    const { calls } = createCalls();
    const pushAll = () => {
      for (let index = 0; index < 23_000; index += 1) calls.push(deltaOf([index, none, none, ""]));
    };
    expect(pushAll).toThrow("The upstream's answer is longer than 33554432 characters");
    expect(calls.begun).toBe(22_369);
  });
});
