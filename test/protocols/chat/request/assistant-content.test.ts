import { describe, expect, test } from "bun:test";
import { messages, plan, toolRound } from "./build.ts";

/** The content of the assistant message that these blocks become. */
function contentOf(blocks: unknown): unknown {
  const conversation = [
    { role: "user", content: "hi" },
    { role: "assistant", content: blocks },
    { role: "user", content: "more" },
  ];
  return messages(conversation)[1]?.content;
}

function text(value: string): object {
  return { type: "text", text: value };
}

describe("[2.2:assistant-text] text of the assistant", () => {
  test.each([
    [["A", "B"], "A\n\nB"],
    [["A\n", "B"], "A\nB"],
    [["A", " B"], "A B"],
    [["A", " \n", "B"], "A\n\nB"],
  ])("%j", (texts, expected) => {
    expect(contentOf(texts.map(text))).toBe(expected);
  });

  test("[2.2:string] a string passes", () => {
    expect(contentOf("A ")).toBe("A ");
  });
});

describe("[2.2:tool_use] arguments are always the JSON of an object", () => {
  test.each([
    [{ b: 1, a: [null] }, '{"b":1,"a":[null]}'],
    [{}, "{}"],
    [undefined, "{}"],
    [null, "{}"],
    ["", "{}"],
    [[1], '{"value":[1]}'],
    ["x", '{"value":"x"}'],
    [{ __unparsedToolInput: { raw: "{", len: 1 } }, '{"__unparsedToolInput":{"raw":"{","len":1}}'],
  ])("%j", (input, expected) => {
    const [, result] = toolRound("t");
    const call = { role: "assistant", content: [{ type: "tool_use", id: "t", name: "T", input }] };
    expect(messages([{ role: "user", content: "hi" }, call, result])[1]).toEqual({
      role: "assistant",
      content: null,
      tool_calls: [{ id: "t", type: "function", function: { name: "T", arguments: expected } }],
    });
  });
});

describe("tools that ran at the real API are told as text", () => {
  const search = { type: "server_tool_use", id: "s", name: "web_search", input: { query: "bun" } };
  const hit = {
    type: "web_search_result",
    title: "Bun",
    url: "https://bun.test",
    encrypted_content: "secret",
  };

  test("[2.2:server-tool] a web search", () => {
    const result = {
      type: "web_search_tool_result",
      tool_use_id: "s",
      content: [hit, { ...hit, title: "" }],
    };
    expect(contentOf([search, result, text("so")])).toBe(
      "[web_search: bun]\n\n- Bun (https://bun.test)\n- https://bun.test\n\nso",
    );
  });

  test.each([
    [
      {
        type: "web_search_tool_result",
        content: { type: "web_search_tool_result_error", error_code: "busy" },
      },
      "- failed: busy",
    ],
    [
      { type: "web_fetch_tool_result", content: { type: "web_fetch_result", url: "https://a.test" } },
      "- https://a.test",
    ],
    [{ type: "mcp_tool_use", server_name: "git", name: "log", input: { n: 1 } }, '[git.log: {"n":1}]'],
    [{ type: "mcp_tool_result", content: [text("A"), text("B")] }, "A\nB"],
    [
      { type: "bash_code_execution_tool_result", content: { stdout: "out", stderr: "", return_code: 0 } },
      "out\nreturn code 0",
    ],
    [{ type: "tool_search_tool_result", content: { tool_references: [{ tool_name: "Grep" }] } }, "- Grep"],
    [{ type: "advisor_tool_result", content: { type: "advisor_result", text: "try B" } }, "try B"],
    [{ type: "advisor_tool_result", content: [text("try B")] }, "try B"],
    [{ type: "code_execution_tool_result", content: { error_code: "timeout" } }, "failed: timeout"],
  ])("[2.2:server-tool 2.2:mcp 2.2:server-results] %j", (block, expected) => {
    expect(contentOf([block])).toBe(expected);
  });

  test("[2.2:fallback 2.2:server-results] what says nothing goes, with a note", () => {
    const empty = { type: "mcp_tool_result", content: [] };
    const content = [
      empty,
      { type: "fallback" },
      { type: "mcp_tool_listing" },
      { type: "hologram" },
      { type: "container_upload", file_id: "f" },
      text("B"),
    ];
    const conversation = [
      { role: "user", content: "hi" },
      { role: "assistant", content },
    ];
    const built = plan({ messages: [...conversation, { role: "user", content: "more" }] });
    expect(built.chatRequest.messages[1]).toEqual({ role: "assistant", content: "B" });
    expect(built.dropped).toEqual([
      "content block mcp_tool_result",
      "content block hologram",
      "content block container_upload",
    ]);
  });

  test("[2.2:unknown] a block of an unknown type says its text", () => {
    expect(contentOf([{ type: "hologram", text: "A" }, text("B")])).toBe("A\n\nB");
  });

  test("[2.2:unknown] what only a user can say is left out", () => {
    const content = [{ type: "tool_result", tool_use_id: "t", content: "R" }, text("B")];
    expect(contentOf(content)).toBe("B");
  });
});

describe("[2.2:compaction] a compaction", () => {
  test("a summary is the user's", () => {
    const content = [text("A"), { type: "compaction", content: "so far" }, text("B")];
    const conversation = [
      { role: "user", content: "hi" },
      { role: "assistant", content },
    ];
    expect(messages([...conversation, { role: "user", content: "more" }])).toEqual([
      { role: "user", content: "hi" },
      { role: "assistant", content: "A" },
      { role: "user", content: "<summary>\nso far\n</summary>" },
      { role: "assistant", content: "B" },
      { role: "user", content: "more" },
    ]);
  });

  test("an empty one is dropped", () => {
    expect(contentOf([text("A"), { type: "compaction", content: null }, text("B")])).toBe("A\n\nB");
  });
});
