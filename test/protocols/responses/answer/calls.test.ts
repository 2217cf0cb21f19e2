import { describe, expect, test } from "bun:test";
import { describeEvents } from "../../../support/describe-events.ts";
import { describeMessage } from "./describe-message.ts";
import { added, args, argsDone, asked, call, completed, doneItem, on, text } from "./events.ts";
import { createResponsesTranslator, translateEvents, translateWhole } from "./translate-response.ts";

const estimate = { inputTokens: 7, outputTokens: 3 };
const head = ["message_start", "ping"];
const stop = "content_block_stop";

function step(...events: object[]): string[][] {
  const translator = createResponsesTranslator(asked);
  return events.map((event) => describeEvents(translator.push(event, estimate)));
}

function told(...events: object[]): [string[], string[]] {
  const { message, warnings } = translateEvents(asked, events);
  return [describeMessage(message), warnings];
}

const begun = added(0, call("call_A", "Bash"));
const ls = '{"command":"ls"}';
const called = ['call call_A Bash {"command":"ls"}'];
const cut = on("incomplete", {
  response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [] },
});

describe("calls", () => {
  test("[24.5:mixture] come out one behind the other, each once it is complete", () => {
    expect(
      step(
        begun,
        added(1, call("call_B", "Read")),
        args(1, '{"file'),
        args(0, '{"command":'),
        args(1, '_path":"b"}'),
        args(0, '"ls"}'),
        doneItem(1, call("call_B", "Read", '{"file_path":"b"}')),
        doneItem(0, call("call_A", "Bash", ls)),
      ),
    ).toEqual([
      [...head, "tool call_A Bash"],
      ...[[], [], ["{"], []],
      ['"command":"ls"}', stop, "tool call_B Read", '{"file_path":"b"}'],
      [stop],
      [],
    ]);
  });

  test("[24.5:complete] one that is complete is closed at once, whatever follows", () => {
    expect(step(begun, args(0, ls), argsDone(0, ls))).toEqual([[...head, "tool call_A Bash"], [ls], [stop]]);
    expect(step(begun, doneItem(0, call("call_A", "Bash", "")))).toEqual([
      [...head, "tool call_A Bash"],
      ["{}", stop],
    ]);
    expect(step(begun, args(0, "{}"), argsDone(0, "{}")).at(-1)).toEqual(["{}", stop]);
    expect(step(begun, argsDone(0, ""))).toEqual([[...head, "tool call_A Bash"], []]);
  });

  test.each([
    ["no pieces (LM Studio)", [begun, argsDone(0, ls)], []],
    ["the whole as one piece (Ollama)", [begun, args(0, ls), argsDone(0, ls)], []],
    ["a part of it in pieces", [begun, args(0, '{"command"'), argsDone(0, ls)], []],
    ["an item that is whole only", [doneItem(0, call("call_A", "Bash", ls))], []],
    ["arguments that are an object", [begun, argsDone(0, { command: "ls" })], []],
    ["pieces that are an object", [begun, args(0, { command: "ls" })], []],
    ["no ends at all", [begun, args(0, '{"command":'), args(0, '"ls"}')], []],
    [
      "another whole than its pieces",
      [begun, args(0, ls), argsDone(0, '{"command":"rm"}')],
      ["the whole arguments of a call differ from their pieces"],
    ],
    ["other whole arguments later", [begun, argsDone(0, ls), doneItem(0, call("call_A", "Bash", "{}"))], []],
    ["whole arguments that are not told", [begun, args(0, ls), doneItem(0, { type: "function_call" })], []],
  ] as const)("[24.5:whole] of which come %s", (_, events, warnings) => {
    expect(told(...events, completed())).toEqual([called, [...warnings]]);
  });

  test("[24.5:whole] pieces that nobody has seen are replaced", () => {
    const unnamed = added(0, call(undefined, undefined));
    expect(told(unnamed, args(0, '{"wrong":'), doneItem(0, call("call_A", "Bash", ls)), completed())).toEqual(
      [called, []],
    );
  });

  test("[24.5:announced] arguments in the announcement count where no others come", () => {
    const full = added(0, call("call_A", "Bash", ls));
    expect(told(full, completed())).toEqual([called, []]);
    expect(told(full, doneItem(0, call("call_A", "Bash")), completed())).toEqual([called, []]);
    expect(told(full, args(0, '{"command":'), args(0, '"ls"}'), completed())).toEqual([called, []]);
    expect(told(added(0, call("call_A", "Bash", "{}")), argsDone(0, ls), completed())).toEqual([called, []]);
  });

  test.each([
    ["the arguments' end", argsDone(0, ls, { name: "Bash" }), completed([call("call_A", undefined, ls)])],
    ["the item's end", doneItem(0, call("call_A", "Bash", ls)), completed()],
    ["the terminal event", args(0, ls), completed([call("call_A", "Bash", ls)])],
  ])("[24.5:late-name] name and id may come with %s: until then it waits", (_, event, last) => {
    const events = [added(0, { type: "function_call" }), event, last];
    expect(told(...events)).toEqual([called, []]);
  });

  test("[24.5:late-name] an id that never comes is replaced, and without a name there is no call", () => {
    const nameless = { type: "function_call", name: "Bash" };
    expect(
      told(added(0, nameless), args(0, ls), doneItem(0, { ...nameless, arguments: ls }), completed()),
    ).toEqual([['call toolu_000000000000000000000001 Bash {"command":"ls"}'], []]);
    expect(told(added(0, { type: "function_call" }), args(0, ls), completed())).toEqual([
      [],
      ["a tool call without a name was left out"],
    ]);
  });

  test("[24.5:id] the ends of llama.cpp have no ids: they come in the order of the beginnings", () => {
    const end = (name: string, json: string) =>
      doneItem(undefined, { type: "function_call", name, arguments: json });
    expect(
      told(
        added(undefined, { type: "function_call", call_id: "fc_a", name: "Bash", arguments: "" }),
        args(undefined, '{"comm', { item_id: "fc_a" }),
        added(undefined, { type: "function_call", call_id: "fc_b", name: "Bash", arguments: "" }),
        args(undefined, '{"command":"b', { item_id: "fc_b" }),
        end("Bash", '{"command":"a"}'),
        end("Bash", '{"command":"b"}'),
        completed(),
      ),
    ).toEqual([['call fc_a Bash {"command":"a"}', 'call fc_b Bash {"command":"b"}'], []]);
  });

  test("[24.5:cut] one that was cut stays open until the end, whose reason decides", () => {
    const half = '{"command":"l';
    const events = [
      begun,
      args(0, half),
      doneItem(0, { ...call("call_A", "Bash", half), status: "incomplete" }),
    ];
    const limited = translateEvents(asked, [...events, cut]);
    expect([limited.message?.stop_reason, describeEvents(limited.events).slice(2, 5)]).toEqual([
      "max_tokens",
      ["tool call_A Bash", half, stop],
    ]);
    const broken = translateEvents(asked, [...events, completed()]);
    expect(broken.events.at(-1)).toMatchObject({ type: "error" });
  });

  test("[24.5:cut] of a whole answer a call that was cut is left out", () => {
    const output = [call("call_A", "Bash", ls), { ...call("call_B", "Read", '{"pat'), status: "incomplete" }];
    const { message, warnings } = translateWhole(
      asked,
      Object(cut).response && { ...Object(cut).response, output },
    );
    expect([describeMessage(message), message?.stop_reason, warnings]).toEqual([
      called,
      "max_tokens",
      ["a tool call that was cut off was left out", "the upstream told no usage"],
    ]);
  });

  test("[24.5:long-numbers] arguments that are an object keep all digits", () => {
    const id = "12345678901234567890";
    const item = JSON.stringify(call("call_A", "Bash", "ARGUMENTS")).replace('"ARGUMENTS"', `{"id":${id}}`);
    const whole = `{"object":"response","status":"completed","output":[${item}]}`;
    const streams = [
      [`{"type":"response.output_item.done","output_index":0,"item":${item}}`, JSON.stringify(completed())],
      [`{"type":"response.completed","response":${whole}}`],
      [
        JSON.stringify(begun),
        `{"type":"response.function_call_arguments.done","output_index":0,"arguments":{"id":${id}}}`,
        JSON.stringify(completed()),
      ],
      [whole],
    ];
    for (const stream of streams) expect(translateEvents(asked, stream).sse).toContain(`{\\"id\\":${id}}`);
    expect(translateWhole(asked, whole).sse).toContain(`{\\"id\\":${id}}`);
  });
});

describe("a call that stands for several", () => {
  const uses = (...names: string[]) =>
    JSON.stringify({
      tool_uses: names.map((recipient_name) => ({
        recipient_name,
        parameters: { file_path: recipient_name },
      })),
    });
  const parallel = call("call_P", "parallel");
  const both = uses("functions.Read", "Bash");
  const split = [
    'call call_P_0 Read {"file_path":"functions.Read"}',
    'call call_P_1 Bash {"file_path":"Bash"}',
  ];

  test("[23.7:split] becomes those, in their order and at its place", () => {
    const other = call("call_B", "Bash", ls);
    const events = [
      added(0, parallel),
      args(0, both.slice(0, 9)),
      added(1, other),
      doneItem(1, other),
      args(0, both.slice(9)),
      doneItem(0, { ...parallel, arguments: both }),
      completed(),
    ];
    const expected = [...split, 'call call_B Bash {"command":"ls"}'];
    expect(told(...events)).toEqual([expected, []]);
    const whole = translateWhole(
      asked,
      Object(completed([{ ...parallel, arguments: both }, other])).response,
    );
    expect(describeMessage(whole.message)).toEqual(expected);
    expect(
      told(added(0, { ...parallel, name: "multi_tool_use.parallel" }), args(0, both), completed()),
    ).toEqual([split, []]);
  });

  test("[23.7:split] comes as soon as it is complete, not with the end of the answer", () => {
    const one = uses("Read");
    const events = step(added(0, parallel), args(0, one), doneItem(0, { ...parallel, arguments: one }));
    expect(events).toEqual([[], [], [...head, "tool call_P_0 Read", '{"file_path":"Read"}', stop]]);
  });

  test("[23.7:split] takes new ids where it has none", () => {
    const { call_id: _, ...nameless } = parallel;
    expect(told(added(0, nameless), args(0, uses("Read")), completed())[0]).toEqual([
      'call toolu_000000000000000000000001 Read {"file_path":"Read"}',
    ]);
  });

  test.each([
    ["names a tool that was not offered", uses("functions.Read", "functions.Other")],
    ["names none", '{"tool_uses":[]}'],
    ["has another form", '{"tool_uses":5}'],
    ["is no object", "[1]"],
    ["has entries of another form", '{"tool_uses":[5]}'],
  ])("[23.7:other] that %s stays one unknown call", (_, json) => {
    const [blocks] = told(added(0, parallel), argsDone(0, json), completed());
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).toStartWith("call call_P parallel ");
  });

  test("[23.7:other] is an ordinary call where a tool has its name", () => {
    const tools = [{ name: "parallel", input_schema: { type: "object" } }];
    const own = { ...asked, request: { ...Object(asked.request), tools } };
    const { message } = translateEvents(own, [
      added(0, parallel),
      argsDone(0, uses("parallel")),
      completed(),
    ]);
    expect(describeMessage(message)).toEqual([`call call_P parallel ${uses("parallel")}`]);
  });
});

test("[24.5:text] text behind a complete call needs no wait", () => {
  expect(step(begun, argsDone(0, ls), text(1, "So.")).at(-1)).toEqual(["text", "So."]);
});
