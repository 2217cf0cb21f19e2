import { describe, expect, test } from "bun:test";
import { build, messages, plan, toolRound } from "./build.ts";

const user = { role: "user", content: "hi" } as const;

function text(value: string, extra: object = {}): { type: "text"; text: string } {
  return { type: "text", text: value, ...extra };
}

describe("the system prompt", () => {
  test.each([
    ["a string", "S", "S"],
    ["blocks, two line breaks between", [text("A"), text("B\n")], "A\n\nB\n"],
    ["blank blocks go", [text("A"), text(" \n"), text("")], "A"],
    ["the billing header goes from a string too", "x-anthropic-billing-header: a; b;\n\nA\nB", "A\nB"],
    ["the billing header goes", [text("x-anthropic-billing-header: cc_version=2; x"), text("A")], "A"],
  ])("[2.1:join 2.1:billing 2.1:blank] %s", (_, system, content) => {
    expect(build({ system }).messages).toEqual([{ role: "system", content }, user]);
  });

  test.each([["", "  ", [], [text("x-anthropic-billing-header: a")], null]].flat().map((system) => [system]))(
    "[2.1:blank 2.1:billing] nothing to say: %j",
    (system) => {
      expect(build({ system }).messages).toEqual([user]);
    },
  );

  test("[2.1:join] with a cache mark it is parts, one a block", () => {
    const cache_control = { type: "ephemeral", ttl: "1h" } as const;
    const system = [text("x-anthropic-billing-header: a"), text("A"), text("B", { cache_control })];
    expect(build({ system }, { profile: "openrouter" }).messages[0]).toEqual({
      role: "system",
      content: [text("A"), text("B", { cache_control })],
    });
  });

  test("[2.1:openai] is a system message for OpenAI too", () => {
    expect(build({ system: "S" }, { profile: "openai", model: "gpt-5.2" }).messages[0]).toEqual({
      role: "system",
      content: "S",
    });
  });
});

const off = { type: "disabled" };
const folding = ["openrouter", "deepseek", "minimax", "vllm", "ollama", "gemini"] as const;
const reminder = "<system-reminder>\nENV\n</system-reminder>";

describe("system messages inside the conversation", () => {
  test.each(folding)("[2.1:one-first 2.1:inside] %s sees one system message, the first", (profile) => {
    const conversation = [
      user,
      { role: "system", content: "ENV" },
      { role: "assistant", content: "B" },
      user,
    ];
    expect(build({ system: "S", messages: conversation, thinking: off }, { profile }).messages).toEqual([
      { role: "system", content: "S" },
      { role: "user", content: `hi\n${reminder}` },
      { role: "assistant", content: "B" },
      user,
    ]);
  });

  test("[2.1:inside] openai/* behind OpenRouter keeps them", () => {
    const target = { profile: "openrouter", model: "openai/gpt-5.2" } as const;
    const cache_control = { type: "ephemeral" } as const;
    const entry = { role: "system", content: [text("A"), text("B", { cache_control })] };
    expect(messages([user, entry], target)).toEqual([
      user,
      { role: "system", content: [{ type: "text", text: "A\nB", cache_control }] },
    ]);
  });

  const [assistant, results] = toolRound("t");
  const entry = { role: "system", content: "ENV" };
  const tool = { role: "tool", tool_call_id: "t", content: "ok" } as const;

  test.each([
    ["before the result", [user, assistant, entry, results]],
    ["after the result", [user, assistant, results, entry]],
  ])("[2.1:inside] never come between a call and its result: %s", (_, conversation) => {
    expect(messages(conversation).slice(2)).toEqual([tool, { role: "user", content: reminder }]);
    expect(messages(conversation, { profile: "openai" }).slice(2)).toEqual([
      tool,
      { role: "system", content: "ENV" },
    ]);
  });

  test("[2.1:inside] one that follows the assistant opens the next user turn", () => {
    const conversation = [user, { role: "assistant", content: "B" }, entry, { role: "user", content: "C" }];
    expect(messages(conversation).slice(2)).toEqual([{ role: "user", content: `${reminder}\nC` }]);
    expect(messages(conversation, { profile: "openai" }).slice(2)).toEqual([
      { role: "system", content: "ENV" },
      { role: "user", content: "C" },
    ]);
  });

  test("[2.1:inside] several texts are one reminder, which keeps the mark", () => {
    const cache_control = { type: "ephemeral" } as const;
    const blocks = { role: "system", content: [text("A"), text("B", { cache_control })] };
    expect(messages([user, blocks], { profile: "openrouter" })).toEqual([
      {
        role: "user",
        content: [{ type: "text", text: "hi\n<system-reminder>\nA\nB\n</system-reminder>", cache_control }],
      },
    ]);
  });

  test("[2.1:clear_at] one that was to last until the next user message is gone with it", () => {
    const passing = { ...entry, clear_at: "next_user_message", output_config: { effort: "low" } };
    const conversation = [user, passing, { role: "assistant", content: "B" }];
    const later = build({ messages: [...conversation, user] }, { profile: "vllm" });
    expect(later.messages).toEqual([user, { role: "assistant", content: "B" }, user]);
    expect(later.reasoning_effort).toBe(undefined);
    expect(messages([user, passing])).toEqual([{ role: "user", content: `hi\n${reminder}` }]);
  });

  test("[2.1:effort 1.2:order] the last effort that one names counts", () => {
    const effort = (level: string) => ({ role: "system", output_config: { effort: level } });
    const conversation = [user, effort("max"), effort("high"), { role: "system", content: "ENV" }];
    const { chatRequest } = plan(
      { output_config: { effort: "low" }, messages: conversation },
      { profile: "vllm" },
    );
    expect(chatRequest.reasoning_effort).toBe("high");
    expect(chatRequest.messages).toEqual([{ role: "user", content: `hi\n${reminder}` }]);
  });
});

test("[2.1:tool-changes] tools that join and leave on the way", () => {
  const definition = (name: string) => ({
    name,
    description: "d",
    input_schema: { type: "object", properties: {} },
  });
  const conversation = [
    user,
    {
      role: "system",
      content: [
        { type: "tool_addition", tool_definition: definition("New") },
        { type: "tool_removal", tool_name: "Old" },
        { type: "tool_addition" },
        { type: "tool_removal" },
      ],
    },
    { role: "assistant", content: "B" },
    { role: "user", content: [{ type: "tool_addition", tool_definition: definition("Newer") }, text("C")] },
  ];
  const tools = [definition("Old"), definition("Kept")];
  const { chatRequest, dropped } = plan({ tools, messages: conversation });
  const functions = ["Kept", "New", "Newer"].map((name) => ({
    type: "function" as const,
    function: { name, description: "d", parameters: { type: "object", properties: {} } },
  }));
  expect(chatRequest.tools).toEqual(functions);
  expect(dropped).toEqual([]);
  expect(chatRequest.messages).toEqual([
    user,
    { role: "assistant", content: "B" },
    { role: "user", content: "C" },
  ]);
});

describe("[2.1:tool-changes] tools that join and leave", () => {
  const empty = { type: "object", properties: {} };
  const add = (name: string, description: string) => ({
    type: "tool_addition",
    tool_definition: { name, description, input_schema: empty },
  });
  const remove = (tool_name: string) => ({ type: "tool_removal", tool_name });

  test.each<[string, object[], string[]]>([
    ["one that joins", [add("C", "new")], ["A old", "B old", "C new"]],
    ["one that leaves", [remove("A")], ["B old"]],
    ["one that nobody knows leaves", [remove("C")], ["A old", "B old"]],
    ["one that joins anew is another, at the end", [add("A", "new")], ["B old", "A new"]],
    ["one that joins and leaves", [add("C", "new"), remove("C")], ["A old", "B old"]],
    ["one that leaves, joins and leaves", [remove("A"), add("A", "new"), remove("A")], ["B old"]],
    ["one that joins twice", [add("C", "1"), add("C", "2")], ["A old", "B old", "C 2"]],
  ])("%s", (_, content, expected) => {
    const tools = ["A", "B"].map((name) => ({ name, description: "old", input_schema: empty }));
    const { chatRequest } = plan({ tools, messages: [user, { role: "system", content }, user] });
    const sent = (chatRequest.tools ?? []).map((tool) =>
      tool.type === "function" ? `${tool.function.name} ${tool.function.description}` : "",
    );
    expect(sent).toEqual(expected);
  });
});
