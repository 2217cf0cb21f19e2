import { describe, expect, test } from "bun:test";
import { invalidRequest, messages, plan, refusalOf, toolRound } from "./build.ts";

const hi = { role: "user", content: "hi" };

function call(id: string, name = "Read", input = '{"p":"a"}'): object {
  return { id, type: "function", function: { name, arguments: input } };
}

function calls(...toolCalls: object[]): object {
  return { role: "assistant", content: null, tool_calls: toolCalls };
}

function tool(id: string, content = "ok"): object {
  return { role: "tool", tool_call_id: id, content };
}

function use(id: string, input: object = { p: "a" }): object {
  return { type: "tool_use", id, name: "Read", input };
}

function result(id: string, content = "ok"): object {
  return { type: "tool_result", tool_use_id: id, content };
}

/** For comparing with what `messages` gives: JSON, untyped. */
function expectMessages(conversation: object[], target: Parameters<typeof messages>[1] = {}) {
  return expect<unknown>(messages(conversation, target));
}

test("[2.4.1] neighbours of one role are one turn", () => {
  expectMessages([
    hi,
    { role: "user", content: [{ type: "text", text: "there" }] },
    { role: "assistant", content: "A" },
    { role: "assistant", content: [{ type: "text", text: "B" }, use("t")] },
    { role: "user", content: [result("t")] },
    { role: "user", content: "C" },
  ]).toEqual([
    { role: "user", content: "hi\nthere" },
    { role: "assistant", content: "A\n\nB", tool_calls: [call("t")] },
    tool("t"),
    { role: "user", content: "C" },
  ]);
});

test("[2.4.2:order] results come first, in the order of the calls", () => {
  expectMessages([
    hi,
    { role: "assistant", content: [use("a"), use("b")] },
    { role: "user", content: [{ type: "text", text: "go on" }, result("b", "B"), result("a", "A")] },
  ]).toEqual([
    hi,
    calls(call("a"), call("b")),
    tool("a", "A"),
    tool("b", "B"),
    { role: "user", content: "go on" },
  ]);
});

describe("[2.4.2:mistral] Mistral allows no user right after a tool", () => {
  const conversation = [hi, ...toolRound("abcdefghi"), { role: "user", content: "go on" }];
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } };

  test.each([
    ["mistral", "mistral-large-2512"],
    ["openrouter", "mistralai/mistral-medium-3.1"],
  ] as const)("%s %s", (profile, model) => {
    const [, , , between, user] = messages(conversation, { profile, model });
    expect([between, user]).toEqual([
      { role: "assistant", content: "OK." },
      { role: "user", content: "go on" },
    ]);
  });

  test("no answer is put in where the assistant speaks next", () => {
    const roles = messages([hi, ...toolRound("t"), { role: "assistant", content: "B" }, hi], {
      profile: "mistral",
    }).map((message) => message.role);
    expect(roles).toEqual(["user", "assistant", "tool", "assistant", "user"]);
  });

  test("an image in a result stays in it and needs no user message", () => {
    const roles = messages([hi, ...toolRound("t", { content: [image] })], { profile: "mistral" }).map(
      ({ role }) => role,
    );
    expect(roles).toEqual(["user", "assistant", "tool"]);
  });
});

describe("[2.4.3] a tool use without a result", () => {
  const missing = "[Tool result missing: the call was interrupted]";

  test("[2.4.3] gets one, also in the middle of a conversation", () => {
    const conversation = [
      hi,
      { role: "assistant", content: [use("a")] },
      { role: "user", content: "stop" },
      { role: "assistant", content: "B" },
      { role: "user", content: "go on" },
    ];
    expectMessages(conversation).toEqual([
      hi,
      calls(call("a")),
      tool("a", missing),
      { role: "user", content: "stop" },
      { role: "assistant", content: "B" },
      { role: "user", content: "go on" },
    ]);
    expect(plan({ messages: conversation }).repairs).toEqual(["a tool call had no result: a"]);
  });

  test("[2.4.3] is refused at the end, as the Anthropic API does", () => {
    const conversation = [hi, { role: "assistant", content: [use("a"), use("b")] }];
    expect(refusalOf({ messages: conversation })).toEqual(
      invalidRequest(
        "messages: `tool_use` ids were found without `tool_result` blocks immediately after: a, b. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
      ),
    );
  });
});

describe("ids that do not fit", () => {
  test("[2.4.4:orphan] a result of an earlier turn becomes text in its place, with a note", () => {
    const content = [{ type: "text", text: "A" }, result("t", "late"), { type: "text", text: "B" }];
    const so = { role: "assistant", content: "so" };
    const conversation = [hi, ...toolRound("t"), so, { role: "user", content }];
    expect(plan({ messages: conversation }).repairs).toEqual(["a tool result without a call became text: t"]);
    expectMessages(conversation).toEqual([
      hi,
      calls(call("t")),
      tool("t"),
      { role: "assistant", content: "so" },
      { role: "user", content: "A\n[Result of an earlier tool call t]\nlate\nB" },
    ]);
  });

  test("[2.4.4:orphan] an image in such a result is kept", () => {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } };
    const orphan = { type: "tool_result", tool_use_id: "t", content: [image] };
    expectMessages([{ role: "user", content: [orphan] }]).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "[Result of an earlier tool call t]" },
          { type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } },
        ],
      },
    ]);
  });

  test("[2.4.4:twice] the last of two results counts", () => {
    expectMessages([
      hi,
      { role: "assistant", content: [use("t")] },
      { role: "user", content: [result("t", "one"), result("t", "two")] },
    ]).toEqual([hi, calls(call("t")), tool("t", "two")]);
  });

  test("[2.4.4:repeat] a pair that comes twice is sent once", () => {
    const pair = toolRound("t");
    const conversation = [hi, ...pair, ...pair, { role: "assistant", content: "B" }, hi];
    expectMessages(conversation).toEqual([
      hi,
      calls(call("t")),
      tool("t"),
      { role: "assistant", content: "B" },
      hi,
    ]);
    expect(plan({ messages: conversation }).repairs).toEqual(["a repeated tool call was removed: t"]);
  });

  test("[2.4.4:repeat] a pair that comes twice at the end leaves nothing behind", () => {
    const pair = toolRound("t");
    expectMessages([hi, ...pair, ...pair]).toEqual([hi, calls(call("t")), tool("t")]);
  });

  test("[2.4.4:repeat] a call that is made again because its result never came keeps the result", () => {
    const stopped = [
      { role: "assistant", content: [use("t")] },
      { role: "user", content: "stop" },
    ];
    expectMessages([hi, ...stopped, ...toolRound("t")]).toEqual([
      hi,
      calls(call("t")),
      tool("t", "[Tool result missing: the call was interrupted]"),
      { role: "user", content: "stop" },
      calls(call("t_2")),
      tool("t_2"),
    ]);
  });

  test("[2.4.4:repeat] an id of every turn of a long conversation is renamed in linear time", () => {
    const rounds = Array.from({ length: 10_000 }, (_, number) => [
      { role: "assistant", content: [use("t", { number })] },
      { role: "user", content: [result("t")] },
    ]);
    const last = messages([hi, ...rounds.flat()]).at(-1);
    expect<unknown>(last).toEqual(tool("t_10000"));
  });

  test("[2.4.4:repeat] the same call twice in one turn is made once", () => {
    const twice = { role: "assistant", content: [use("t"), use("t")] };
    expectMessages([hi, twice, { role: "user", content: [result("t")] }]).toEqual([
      hi,
      calls(call("t")),
      tool("t"),
    ]);
  });

  test("[2.4.4:repeat] another call of the same id is renamed", () => {
    const second = [
      { role: "assistant", content: [use("t", { p: "b" })] },
      { role: "user", content: [result("t", "second")] },
    ];
    const third = [
      { role: "assistant", content: [use("t", { p: "c" })] },
      { role: "user", content: [result("t", "third")] },
    ];
    expectMessages([hi, ...toolRound("t"), ...second, ...third]).toEqual([
      hi,
      calls(call("t")),
      tool("t"),
      calls(call("t_2", "Read", '{"p":"b"}')),
      tool("t_2", "second"),
      calls(call("t_3", "Read", '{"p":"c"}')),
      tool("t_3", "third"),
    ]);
  });

  test("[2.4.4:repeat] a call of the same id and input, but of another tool, is another call", () => {
    expectMessages([
      hi,
      { role: "assistant", content: [use("t")] },
      { role: "user", content: [result("t", "first")] },
      { role: "assistant", content: [{ ...use("t"), name: "Write" }] },
      { role: "user", content: [result("t", "second")] },
    ]).toEqual([
      hi,
      calls(call("t")),
      tool("t", "first"),
      calls(call("t_2", "Write")),
      tool("t_2", "second"),
    ]);
  });

  test("[2.4.4:repeat] the same id three times in one turn: a fourth result is the last call's", () => {
    const results = ["one", "two", "three", "four"].map((text) => result("t", text));
    expectMessages([
      hi,
      { role: "assistant", content: ["a", "b", "c"].map((p) => use("t", { p })) },
      { role: "user", content: results },
    ]).toEqual([
      hi,
      calls(call("t"), call("t_2", "Read", '{"p":"b"}'), call("t_3", "Read", '{"p":"c"}')),
      tool("t", "one"),
      tool("t_2", "two"),
      tool("t_3", "four"),
    ]);
  });

  test("[2.4.4:repeat] the same id twice in one turn: each call takes its result", () => {
    const { chatRequest, usedToolIds } = plan({
      messages: [
        hi,
        { role: "assistant", content: [use("t"), use("t", { p: "b" })] },
        { role: "user", content: [result("t", "one"), result("t", "two")] },
      ],
    });
    expect<unknown>(chatRequest.messages).toEqual([
      hi,
      calls(call("t"), call("t_2", "Read", '{"p":"b"}')),
      tool("t", "one"),
      tool("t_2", "two"),
    ]);
    expect(usedToolIds).toEqual(new Set(["t", "t_2"]));
  });
});

describe("[2.4.5] turns that say nothing", () => {
  test("[2.4.5] an assistant's is removed and its neighbours are one", () => {
    const thought = { type: "thinking", thinking: "hm", signature: "" };
    expectMessages([
      hi,
      { role: "assistant", content: [thought] },
      { role: "user", content: "there" },
    ]).toEqual([{ role: "user", content: "hi\nthere" }]);
  });

  test("[2.4.5] a blank text of the assistant is nothing", () => {
    expectMessages([hi, { role: "assistant", content: " \n" }, { role: "user", content: "there" }]).toEqual([
      { role: "user", content: "hi\nthere" },
    ]);
  });

  test("[2.4.5] a user's at either end says to go on", () => {
    const empty = { role: "user", content: "" };
    expectMessages([empty, { role: "assistant", content: "A" }, empty]).toEqual([
      { role: "user", content: "(continue)" },
      { role: "assistant", content: "A" },
      { role: "user", content: "(continue)" },
    ]);
  });

  test("[2.4.5] a user's in the middle is removed and its neighbours are one", () => {
    const conversation = [
      hi,
      { role: "assistant", content: "A" },
      { role: "user", content: [] },
      { role: "assistant", content: "B" },
      hi,
    ];
    expectMessages(conversation).toEqual([hi, { role: "assistant", content: "A\n\nB" }, hi]);
  });

  test("[2.4.5] a conversation of nothing", () => {
    expectMessages([{ role: "assistant", content: [] }]).toEqual([{ role: "user", content: "(continue)" }]);
  });
});

describe("[2.4.6] a conversation that the assistant begins", () => {
  const conversation = [{ role: "assistant", content: "A" }, hi];

  test.each(["generic", "glm", "vllm", "gemini"] as const)("[2.4.6] %s gets a user first", (profile) => {
    expectMessages(conversation, { profile }).toEqual([
      { role: "user", content: "(continue)" },
      { role: "assistant", content: "A" },
      hi,
    ]);
    expect(plan({ messages: conversation }, { profile }).repairs).toEqual([
      "the conversation began with the assistant",
    ]);
  });

  test.each(["openrouter", "openai"] as const)("[2.4.6] %s takes it as it is", (profile) => {
    expectMessages(conversation, { profile }).toEqual([{ role: "assistant", content: "A" }, hi]);
  });
});

describe("[2.4.7] content beside calls", () => {
  test.each([
    ["lmstudio", ""],
    ["glm", ""],
    ["generic", null],
    ["llamacpp", null],
    ["deepseek", null],
  ] as const)("[2.4.7] %s: %j", (profile, content) => {
    const [, assistant] = messages([hi, ...toolRound("t")], { profile });
    expect(assistant?.content).toBe(content);
  });
});

describe("[2.4.8:sent] a begun answer", () => {
  const conversation = [hi, { role: "assistant", content: [{ type: "text", text: "{ \n" }] }];
  const note = "the last message begins the answer: the upstream does not promise to continue it";

  test("is sent without trailing white space", () => {
    const { chatRequest, prefill, repairs } = plan({ messages: conversation });
    expect(chatRequest.messages).toEqual([
      { role: "user", content: "hi" },
      { role: "assistant", content: "{" },
    ]);
    expect({ prefill, repairs }).toEqual({ prefill: "{", repairs: [note] });
  });

  test.each([
    ["mistral", "https://api.mistral.ai/v1", true],
    ["deepseek", "https://api.deepseek.com/beta", true],
    ["deepseek", "https://api.deepseek.com/v1", undefined],
  ] as const)("%s at %s: prefix %p", (profile, baseUrl, prefix) => {
    const last = messages(conversation, { profile, baseUrl, model: "deepseek-chat" }).at(-1);
    const expected = { role: "assistant", content: "{", ...(prefix && { prefix }) } as const;
    expect<unknown>(last).toEqual(expected);
  });

  test("an upstream that takes a prefix needs no note", () => {
    expect(plan({ messages: conversation }, { profile: "mistral" }).repairs).toEqual([]);
  });

  test("llama.cpp continues one only without thinking", () => {
    const target = { profile: "llamacpp" } as const;
    const { chatRequest, thinkingIsOn } = plan(
      { messages: conversation, thinking: { type: "adaptive" } },
      target,
    );
    expect({ effort: chatRequest.reasoning_effort, thinkingIsOn }).toEqual({
      effort: "none",
      thinkingIsOn: false,
    });
  });

  test("keeps its cache mark", () => {
    const cache_control = { type: "ephemeral" } as const;
    const content = [
      { type: "text", text: "A ", cache_control },
      { type: "text", text: "{ ", cache_control },
    ];
    const conversation = [hi, { role: "assistant", content }];
    const { chatRequest, prefill } = plan({ messages: conversation }, { profile: "openrouter" });
    expect(chatRequest.messages.at(-1)).toEqual({
      role: "assistant",
      content: [
        { type: "text", text: "A ", cache_control },
        { type: "text", text: "{", cache_control },
      ],
    });
    expect(prefill).toBe("A {");
  });
});

test("[2.4.10] long texts are sent whole", () => {
  const long = "x".repeat(2_000_000);
  expect(messages([{ role: "user", content: long }])).toEqual([{ role: "user", content: long }]);
});
