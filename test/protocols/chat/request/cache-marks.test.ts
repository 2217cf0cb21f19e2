import { describe, expect, test } from "bun:test";
import { build, messages, type Target } from "./build.ts";

const cache_control = { type: "ephemeral", ttl: "1h" };
const openrouter: Target = { profile: "openrouter", model: "anthropic/claude-opus-4.6" };
const qwen: Target = { profile: "qwen", model: "qwen3.6-plus" };

function text(value: string): object {
  return { type: "text", text: value };
}

function marked(value: string): object {
  return { type: "text", text: value, cache_control };
}

const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } };
const imagePart = { type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } };
const schema = { type: "object", properties: {} };

/** A conversation that is marked wherever it can be. */
const everywhere = {
  system: [marked("S")],
  tools: [{ name: "T", input_schema: schema, cache_control }],
  messages: [
    { role: "user", content: [text("A"), { ...image, cache_control }] },
    {
      role: "assistant",
      content: [text("B"), { type: "tool_use", id: "t", name: "T", input: {}, cache_control }],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "R", cache_control }] },
  ],
};

const call = { id: "t", type: "function", function: { name: "T", arguments: "{}" } };
const tool = { type: "function", function: { name: "T", parameters: schema } };

/** The request for `everywhere`: system, tools and messages with this mark. */
function expected(mark: object | null, toolMark: object | null): object {
  const part = (value: object) => (mark === null ? value : { ...value, cache_control: mark });
  const only = (value: string) => (mark === null ? value : [part(text(value))]);
  return {
    tools: [toolMark === null ? tool : { ...tool, cache_control: toolMark }],
    messages: [
      { role: "system", content: only("S") },
      { role: "user", content: [text("A"), part(imagePart)] },
      { role: "assistant", content: "B", tool_calls: [call] },
      { role: "tool", tool_call_id: "t", content: only("R") },
    ],
  };
}

describe("[1.4:kept 1.4:stripped 1.3:cache-mark] cache marks", () => {
  test.each([
    ["openrouter keeps them", openrouter, expected(cache_control, cache_control)],
    ["qwen keeps those on message parts, without a time", qwen, expected({ type: "ephemeral" }, null)],
    ["openai loses them", { profile: "openai", model: "gpt-5.2" } as const, expected(null, null)],
    ["all others lose them", {}, expected(null, null)],
  ])("%s", (_, target, sent) => {
    const { tools, messages: written } = build(everywhere, target);
    expect<object>({ tools, messages: written }).toEqual(sent);
  });

  test("[1.4:parts] marked text is joined up to its mark, so that the text stays the same when the mark moves on", () => {
    const content = [text("A"), marked("B"), text("C"), text("D")];
    expect<unknown>(messages([{ role: "user", content }], openrouter)).toEqual([
      { role: "user", content: [marked("A\nB"), text("C\nD")] },
    ]);
    expect<unknown>(messages([{ role: "user", content: [text("A"), text("B")] }], openrouter)).toEqual([
      { role: "user", content: "A\nB" },
    ]);
  });

  test("[1.4:parts] text of the assistant is marked like the user's", () => {
    const conversation = [
      { role: "user", content: "hi" },
      { role: "assistant", content: [text("A"), marked("B")] },
      { role: "user", content: "go on" },
    ];
    expect<unknown>(messages(conversation, openrouter)[1]).toEqual({
      role: "assistant",
      content: [marked("A\n\nB")],
    });
  });
});

describe("[1.4:four] more than four marks", () => {
  const many = {
    system: [marked("S1"), marked("S2")],
    tools: ["T1", "T2"].map((name) => ({ name, input_schema: schema, cache_control })),
    messages: ["1", "2", "3", "4"].map((value, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: [marked(value)],
    })),
  };

  /** Which texts and tools still bear a mark. */
  function markedOnes(target: Target): unknown[] {
    const { tools = [], messages: written } = build(many, target);
    const parts = written.flatMap(({ content }) => (Array.isArray(content) ? content : []));
    const texts = parts.flatMap((part) => (part.type === "text" && part.cache_control ? [part.text] : []));
    const names = tools.flatMap((one) =>
      one.type === "function" && one.cache_control ? [one.function.name] : [],
    );
    return [...names, ...texts];
  }

  test("the last on tools, the last on system, the last two in messages", () => {
    expect(markedOnes(openrouter)).toEqual(["T2", "S2", "3", "4"]);
  });

  test("a mark at the top of the request is one of the four", () => {
    const sent = build({ ...many, cache_control }, openrouter);
    expect(JSON.stringify(sent).match(/cache_control/g)?.length).toBe(4);
    const parts = sent.messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
    expect<unknown>(parts.filter((part) => "cache_control" in part)).toEqual([marked("S2"), marked("4")]);
  });

  test("four are all kept, wherever they are", () => {
    const sent = build({ messages: many.messages }, openrouter);
    expect(sent.messages.map(({ content }) => Array.isArray(content))).toEqual([true, true, true, true]);
    expect(JSON.stringify(sent).match(/cache_control/g)?.length).toBe(4);
  });

  test("qwen: the last on system, the last three in messages", () => {
    expect(markedOnes(qwen)).toEqual(["S2", "2", "3", "4"]);
  });
});
