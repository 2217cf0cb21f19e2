import { describe, expect, test } from "bun:test";
import { input, plan, type Target } from "./build.ts";

const openai: Target = { profile: "openai", model: "gpt-4o" };
const xai: Target = { profile: "xai", model: "grok-4.5" };
const ollama: Target = { profile: "ollama", model: "gemma4" };
const hi = { type: "message", role: "user", content: "hi" } as const;
const user = { role: "user", content: "hi" };
const png = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const image = { type: "image", source: png };
const sentImage = {
  type: "input_image",
  image_url: "data:image/png;base64,iVBORw0KGgo=",
  detail: "auto",
} as const;
const pdf = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" };
const document = { type: "document", source: pdf };
const linked = { type: "document", source: { type: "url", url: "https://papers.test/1.pdf" } };
const said = (text: string) => ({ type: "text", text });

/** A message of the assistant with one part. */
function answer(text: string) {
  return {
    type: "message",
    role: "assistant",
    content: [{ type: "output_text", text, annotations: [] }],
  } as const;
}

function use(id: string, given: unknown = {}) {
  return { type: "tool_use", id, name: "T", input: given };
}

function call(id: string, args = "{}") {
  return { type: "function_call", call_id: id, name: "T", arguments: args } as const;
}

function output(id: string, content: unknown) {
  return { type: "function_call_output", call_id: id, output: content };
}

function results(...pairs: [id: string, content: unknown][]) {
  const blocks = pairs.map(([id, content]) => ({ type: "tool_result", tool_use_id: id, content }));
  return { role: "user", content: blocks };
}

/** The items of one message of the user. */
function userItems(content: object[], target: Target = openai): unknown[] {
  return input([{ role: "user", content }], target);
}

describe("the user", () => {
  test("[22.1:user] texts", () => {
    expect<unknown>(userItems([said("A"), said("B")])).toEqual([{ ...hi, content: "A\nB" }]);
  });

  test("[22.1:media 22.1:files] texts and media", () => {
    const titled = { ...document, title: "T.pdf" };
    const url = { type: "image", source: { type: "url", url: "https://pictures.test/1.png" } };
    expect<unknown>(userItems([said("A"), image, titled, document, linked, url, said("B")])).toEqual([
      {
        ...hi,
        content: [
          { type: "input_text", text: "A" },
          sentImage,
          { type: "input_file", filename: "T.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
          { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
          { type: "input_file", file_url: "https://papers.test/1.pdf" },
          { type: "input_image", image_url: "https://pictures.test/1.png", detail: "auto" },
          { type: "input_text", text: "B" },
        ],
      },
    ]);
  });

  test("[22.1:files] xAI takes addresses only", () => {
    expect<unknown>(userItems([linked], xai)).toEqual([
      { ...hi, content: [{ type: "input_file", file_url: "https://papers.test/1.pdf" }] },
    ]);
    expect<unknown>(userItems([document], xai)).toEqual([
      { ...hi, content: "[PDF document omitted: the upstream does not accept PDF files]" },
    ]);
  });
});

describe("the assistant", () => {
  const turn = (content: object[], target: Target = openai) =>
    input([user, { role: "assistant", content }, user], target).slice(1, -1);

  test("[22.1:assistant] texts are one message with one part", () => {
    expect<unknown>(turn([said("A"), said("B "), said("C")])).toEqual([answer("A\n\nB C")]);
  });

  test.each<Target>([ollama, { profile: "vllm", model: "llama-4" }])(
    "[22.1:assistant] a string for %j",
    (target) => {
      expect<unknown>(turn([said("A"), said("B")], target)).toEqual([
        { type: "message", role: "assistant", content: "A\n\nB" },
      ]);
    },
  );

  const round = (blocks: object[], ids: string[], target: Target) =>
    input(
      [
        user,
        { role: "assistant", content: blocks },
        results(...ids.map((id) => [id, id] as [string, string])),
      ],
      target,
    );

  test("[22.1:order 22.1:call] blocks in their order", () => {
    expect<unknown>(
      round([said("A"), use("a", { p: 1 }), said("B"), use("b", "x")], ["b", "a"], openai),
    ).toEqual([
      hi,
      answer("A"),
      call("a", '{"p":1}'),
      answer("B"),
      call("b", '{"value":"x"}'),
      output("a", "a"),
      output("b", "b"),
    ]);
  });

  test("[22.1:adjacent] calls together for DeepSeek", () => {
    const target: Target = { profile: "deepseek", model: "deepseek-chat" };
    expect<unknown>(round([said("A"), use("a"), said("B"), use("b")], ["a", "b"], target)).toEqual([
      hi,
      answer("A\n\nB"),
      call("a"),
      call("b"),
      output("a", "a"),
      output("b", "b"),
    ]);
  });

  test("[22.1:server-tools] a search of the past", () => {
    const blocks = [
      { type: "server_tool_use", id: "s", name: "web_search", input: { query: "bun" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "s",
        content: [{ type: "web_search_result", url: "https://a.test", title: "A" }],
      },
      said("It is fast."),
    ];
    expect<unknown>(turn(blocks)).toEqual([
      answer("[web_search: bun]\n\n- A (https://a.test)\n\nIt is fast."),
    ]);
  });

  test.each<[Target, object]>([
    [openai, answer("B")],
    [ollama, { type: "message", role: "assistant", content: "B" }],
  ])("[22.1:prefill] a begun answer to %j", (target, item) => {
    const {
      body,
      plan: expected,
      mended,
    } = plan({ messages: [user, { role: "assistant", content: "B \n" }] }, target);
    expect<unknown>(body.input).toEqual([hi, item]);
    expect([expected.prefill, mended]).toEqual([
      "B",
      ["the last message begins the answer: the upstream does not promise to continue it"],
    ]);
  });

  test("[22.5:phase] before a call, and after all of them", () => {
    const sol: Target = { profile: "openai", model: "gpt-5.6-sol" };
    const blocks = [said("A"), use("a"), said("B"), use("b"), said("C")];
    const items = round(blocks, ["a", "b"], sol).filter(({ type }) => type === "message");
    expect<unknown>(items).toEqual([
      hi,
      { ...answer("A"), phase: "commentary" },
      { ...answer("B"), phase: "commentary" },
      { ...answer("C"), phase: "final_answer" },
    ]);
    expect<unknown>(turn([said("A")], { ...sol, model: "gpt-5.3-codex" })).toEqual([
      { ...answer("A"), phase: "final_answer" },
    ]);
  });

  test.each<Target>([{ profile: "openai", model: "gpt-5.2" }, xai])("[22.5:others] %j", (target) => {
    expect<unknown>(turn([said("A")], target)).toEqual([answer("A")]);
  });
});

describe("system messages in the conversation", () => {
  const conversation = [
    user,
    { role: "assistant", content: [use("a")] },
    { role: "system", content: "ENV" },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "R" }, said("go on")] },
  ];

  test("[22.1:developer 22.1:results] are the developer's, behind the outputs", () => {
    expect<unknown>(input(conversation, openai)).toEqual([
      hi,
      call("a"),
      output("a", "R"),
      { type: "message", role: "developer", content: "ENV" },
      { ...hi, content: "go on" },
    ]);
  });

  test("[22.1:developer] are folded elsewhere", () => {
    expect<unknown>(input(conversation, xai).slice(2)).toEqual([
      output("a", "R"),
      { ...hi, content: "<system-reminder>\nENV\n</system-reminder>\ngo on" },
    ]);
  });
});

describe("outputs", () => {
  const outputs = (content: unknown, target: Target = openai, isError = false) => {
    const result = { type: "tool_result", tool_use_id: "a", content, is_error: isError };
    const messages = [user, { role: "assistant", content: [use("a")] }, { role: "user", content: [result] }];
    return input(messages, target).slice(2);
  };

  test.each<[string, unknown, boolean, string]>([
    ["a string", "R", false, "R"],
    ["texts", [said("A"), said("B")], false, "A\nB"],
    ["nothing", "", false, "(no output)"],
    ["an error", "no file", true, "Error: no file"],
  ])("[22.2:text] %s", (_, content, isError, expected) => {
    expect<unknown>(outputs(content, openai, isError)).toEqual([output("a", expected)]);
  });

  test("[22.2:files] OpenAI takes images and documents", () => {
    expect<unknown>(outputs([said("A"), image, document])).toEqual([
      output("a", [
        { type: "input_text", text: "A" },
        sentImage,
        { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
      ]),
    ]);
  });

  test("[22.2:images] xAI takes images", () => {
    expect<unknown>(outputs([image, linked], xai)).toEqual([
      output("a", [sentImage, { type: "input_text", text: "[1 document attached in the next message]" }]),
      {
        ...hi,
        content: [
          { type: "input_text", text: "Attachment of tool result a:" },
          { type: "input_file", file_url: "https://papers.test/1.pdf" },
        ],
      },
    ]);
  });

  test("[22.2:attachments] others get media behind all outputs", () => {
    const messages = [
      user,
      { role: "assistant", content: [use("a"), use("b")] },
      results(["a", [image, said("A")]], ["b", "B"]),
    ];
    expect<unknown>(input(messages, ollama).slice(3)).toEqual([
      output("a", "A\n[1 image attached in the next message]"),
      output("b", "B"),
      { ...hi, content: [{ type: "input_text", text: "Attachment of tool result a:" }, sentImage] },
    ]);
  });
});

test("[22.3:call-id] ids that the upstream would refuse", () => {
  const long = `call_${"x".repeat(60)}`;
  const messages = [
    user,
    { role: "assistant", content: [use(long), use("functions.T:0"), use("toolu_1")] },
    results([long, "A"], ["functions.T:0", "B"], ["toolu_1", "C"]),
  ];
  const items = input(messages, xai).slice(1);
  const sent = items.map((item) => ("call_id" in item ? item.call_id : null));
  expect(sent.slice(0, 3)).toEqual(sent.slice(3));
  expect(sent.slice(0, 2).map((id) => /^call_[0-9a-f]{24}$/.test(String(id)))).toEqual([true, true]);
  expect([sent[2], new Set(sent).size]).toEqual(["toolu_1", 3]);
});
