import { describe, expect, test } from "bun:test";
import { describeMessage } from "./describe-message.ts";
import {
  added,
  args,
  asked,
  call,
  completed,
  created,
  doneItem,
  message,
  on,
  reasoning,
  response,
  summarized,
  summary,
  text,
  usage,
} from "./events.ts";
import {
  createResponsesTranslator,
  type ResponseCase,
  translateEvents,
  translateWhole,
} from "./translate-response.ts";

const estimate = { inputTokens: 7, outputTokens: 3 };
const ls = '{"command":"ls"}';

function told(...events: (object | string)[]): unknown[] {
  const { message: got, warnings } = translateEvents(asked, events);
  return [describeMessage(got), got?.stop_reason, warnings];
}

describe("the terminal event", () => {
  test("[24.7:unseen] gives all of which nothing came", () => {
    const output = [
      reasoning({ summary: summarized("S"), encrypted_content: "E" }),
      message("42"),
      call("call_A", "Bash", ls),
    ];
    const expected = ["thinking S [E]", "text 42", 'call call_A Bash {"command":"ls"}'];
    expect(told(created, completed(output))).toEqual([expected, "tool_use", []]);
    expect(told(created, text(1, "4"), completed(output.slice(1)))).toEqual([
      ["text 42", 'call call_A Bash {"command":"ls"}'],
      "tool_use",
      [],
    ]);
  });

  test("[24.7:matched] gives the rest of what came: by place, by id, by rank", () => {
    const rest = [["text Hello"], "end_turn", []];
    expect(told(text(0, "Hel"), completed([message("Hello")]))).toEqual(rest);
    expect(told(text(5, "Hel"), completed([message("Hello")]))).toEqual(rest);
    expect(
      told(text(undefined, "Hel", { item_id: "msg_1" }), completed([{ ...message("Hello"), id: "msg_1" }])),
    ).toEqual(rest);
    const calls = [call("call_B", "Read", '{"file_path":"b"}'), call("call_A", "Bash", ls)];
    const events = [added(7, call("call_A", "Bash")), args(7, '{"comm'), added(8, call("call_B", "Read"))];
    expect(told(...events, completed(calls))).toEqual([
      ['call call_A Bash {"command":"ls"}', 'call call_B Read {"file_path":"b"}'],
      "tool_use",
      [],
    ]);
  });

  test("[24.7:empty-output] with an empty list takes nothing back", () => {
    const events = [summary(0, "S"), text(1, "a"), added(2, call("call_A", "Bash")), args(2, ls)];
    expect(told(...events, completed([]))).toEqual([
      ["thinking S", "text a", 'call call_A Bash {"command":"ls"}'],
      "tool_use",
      [],
    ]);
    expect(told(...events, completed("none"))[1]).toBe("tool_use");
  });

  test("[24.7:no-done] ends items that had no end of their own", () => {
    const events = [added(0, message()), text(0, "a"), added(1, call("call_A", "Bash")), args(1, ls)];
    expect(told(...events, completed([message("a"), call("call_A", "Bash", ls)]))).toEqual([
      ["text a", 'call call_A Bash {"command":"ls"}'],
      "tool_use",
      [],
    ]);
  });

  test("[24.7:at-once] is the last item, so that nothing is waited for", () => {
    const translator = createResponsesTranslator(asked);
    expect([
      translator.hasFinishReason,
      translator.push(completed(), estimate),
      translator.hasFinishReason,
    ]).toEqual([false, [], true]);
  });
});

describe("a body without a terminal event", () => {
  const whole = [created, text(0, "a"), doneItem(0, message("a"))];

  test("[24.7:early-end] ends early, even if all items had ended", () => {
    const { events } = translateEvents(asked, whole);
    expect(events.at(-1)).toMatchObject({
      error: { type: "api_error", message: expect.stringContaining("ended the stream early") },
    });
    expect(translateEvents(asked, [created]).status).toBe("502 api_error");
  });

  test("[24.7:done-mark] that has a [DONE] ends, without a known reason", () => {
    const warnings = ["the upstream gave no finish reason", "the upstream told no usage"];
    expect(told(...whole, "[DONE]")).toEqual([["text a"], "end_turn", warnings]);
    const called = [added(0, call("call_A", "Bash")), args(0, ls)];
    expect(told(...called, "[DONE]")).toEqual([['call call_A Bash {"command":"ls"}'], "tool_use", warnings]);
    expect(told(text(0, "a"), completed(), "[DONE]")).toEqual([["text a"], "end_turn", []]);
  });

  test("[24.7:late-usage] usage behind the [DONE] counts", () => {
    const { message: got } = translateEvents(asked, [
      ...whole,
      "[DONE]",
      on("in_progress", { response: { usage } }),
    ]);
    expect(got?.usage).toMatchObject({ input_tokens: 9, output_tokens: 5 });
  });
});

describe("an answer without content", () => {
  const barren = (...events: object[]) => {
    const translator = createResponsesTranslator(asked);
    for (const event of events) translator.push(event, estimate);
    return translator.isBarren;
  };

  test("[24.7:barren] may be asked for again, if nothing explains it", () => {
    expect([barren(created, completed()), barren(created), barren(completed([message("")]))]).toEqual([
      true,
      true,
      true,
    ]);
    const cut = on("incomplete", { response: { incomplete_details: { reason: "max_output_tokens" } } });
    expect([
      barren(text(0, "a")),
      barren(cut),
      barren(on("failed")),
      barren(added(0, call("c", "Bash"))),
    ]).toEqual([false, false, false, false]);
  });

  test("[24.7:only-reasoning] except for reasoning is an answer", () => {
    expect(told(summary(0, "S"), completed())).toEqual([["thinking S"], "end_turn", []]);
  });
});

describe("the stop reason", () => {
  const ended = (type: string, members: object) =>
    translateEvents(asked, [text(0, "a"), on(type, { response: { usage, ...members } })]);
  const because = (reason: unknown) => ({ status: "incomplete", incomplete_details: { reason } });

  test.each([
    ["completed", {}, "end_turn", []],
    ["completed", { status: "in_progress" }, "end_turn", []],
    ["incomplete", because("max_output_tokens"), "max_tokens", []],
    ["completed", because("max_output_tokens"), "max_tokens", []],
    ["incomplete", because("content_filter"), "refusal", []],
    ["incomplete", because("tired"), "max_tokens", ["the response is incomplete, its reason is tired"]],
    ["incomplete", {}, "max_tokens", ["the response is incomplete, its reason is missing"]],
    ["done", { status: "completed" }, "end_turn", []],
    ["done", because("max_output_tokens"), "max_tokens", []],
    ["done", {}, "end_turn", []],
    ["done", { status: "tired" }, "end_turn", ["unknown status tired"]],
  ] as const)("[23.4:reason] of response.%s with %j is %s", (type, members, expected, warnings) => {
    const got = ended(type, members);
    expect<unknown[]>([got.message?.stop_reason, got.warnings]).toEqual([expected, [...warnings]]);
  });

  test("[23.4:calls] of an answer with calls is that of the calls, unless it was cut", () => {
    const called = [added(0, call("call_A", "Bash")), args(0, ls), doneItem(0, call("call_A", "Bash", ls))];
    expect(told(...called, completed())[1]).toBe("tool_use");
    expect(told(...called, on("incomplete", { response: because("max_output_tokens") }))[1]).toBe(
      "max_tokens",
    );
  });

  test.each(["cancelled", "queued", "in_progress"])(
    "[23.4:unfinished] a response that is %s is a failure",
    (status) => {
      const got = translateWhole(asked, response([message("a")], { status }));
      expect(got.events.at(-1)).toMatchObject({ type: "error", error: { type: "api_error" } });
      expect(translateWhole(asked, response([], { status })).status).toBe("502 api_error");
    },
  );

  test("[23.4:limit] of servers that never tell it is found in the usage", () => {
    const used = (output_tokens: number) => ({ usage: { input_tokens: 9, output_tokens } });
    expect(
      [ended("completed", used(19_999)), ended("completed", used(20_000))].map(
        (got) => got.message?.stop_reason,
      ),
    ).toEqual(["end_turn", "max_tokens"]);
  });
});

describe("a whole response", () => {
  test("[23.1:whole] is its own terminal event", () => {
    const output = [reasoning({ summary: summarized("S"), encrypted_content: "E" }), message("Hi")];
    const { message: got, warnings } = translateWhole(asked, response(output));
    expect([describeMessage(got), got?.stop_reason, got?.usage.input_tokens, warnings]).toEqual([
      ["thinking S [E]", "text Hi"],
      "end_turn",
      9,
      [],
    ]);
  });

  test.each([
    ["the texts of a summary", reasoning({ summary: summarized("a", "b") }), ["thinking a\n\nb"]],
    [
      "the reasoning itself without one",
      reasoning({ content: [{ type: "reasoning_text", text: "r" }] }),
      ["thinking r"],
    ],
    [
      "a summary rather than the reasoning",
      reasoning({ summary: summarized("a"), content: [{ type: "reasoning_text", text: "r" }] }),
      ["thinking a"],
    ],
    ["a blob alone", reasoning({ encrypted_content: "E" }), ["redacted [E]"]],
    ["reasoning without anything", reasoning({}), []],
    ["the parts of a message", message("a", "b"), ["text ab"]],
    ["a refusal", { type: "message", content: [{ type: "refusal", refusal: "No." }] }, ["text No."]],
    [
      "a call, whatever its status",
      { ...call("call_A", "Bash", ls), status: "in_progress" },
      ['call call_A Bash {"command":"ls"}'],
    ],
    ["what is no item", 5, []],
  ])("[23.2:items] has %s", (_, item, expected) => {
    expect(describeMessage(translateWhole(asked, response([item])).message)).toEqual(expected);
  });

  test("[23.2:messages] has a block for each message", () => {
    expect(describeMessage(translateWhole(asked, response([message("a"), message("b")])).message)).toEqual([
      "text a",
      "text b",
    ]);
  });

  test("[23.2:lone-tag] opens reasoning that a text only closes, if that is whole and comes first", () => {
    const local = { ...asked, profile: "vllm", baseUrl: "http://127.0.0.1:9/v1" } as const;
    const whole = response([message("plan</think>answer")]);
    const told = (of: ResponseCase, body: object) => describeMessage(translateWhole(of, body).message);
    expect(told(local, whole)).toEqual(["thinking plan", "text answer"]);
    expect(told(local, response([reasoning({ summary: summarized("a") }), message("b</think>c")]))).toEqual([
      "thinking a",
      "text b</think>c",
    ]);
    expect(told({ ...local, plan: { thinkingIsOn: false } }, whole)).toEqual(["text plan</think>answer"]);
    expect(told(asked, whole)).toEqual(["text plan</think>answer"]);
  });

  test("[23.2:other] leaves other items out, with one warning for each type", () => {
    const output = ["mcp_call", "mcp_call", "compaction", 5].map((type) => ({ type }));
    const { message: got, warnings } = translateWhole(asked, response([...output, message("a")]));
    expect([describeMessage(got), warnings]).toEqual([
      ["text a"],
      ["mcp_call", "compaction", "5"].map((type) => `an output item of type ${type} was left out`),
    ]);
  });
});
