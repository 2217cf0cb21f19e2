import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { messages, toolRound } from "./build.ts";

function text(value: string): object {
  return { type: "text", text: value };
}

/** All that follows the call of tool use id `t`. */
function afterCall(result: object, profile: ProfileId = "generic"): unknown[] {
  return messages([{ role: "user", content: "hi" }, ...toolRound("t", result)], { profile }).slice(2);
}

describe("the content of a tool message", () => {
  test.each([
    ["[2.3:string] a string", { content: "A\n" }, "A\n"],
    ["[2.3:texts] texts", { content: [text("A"), text("B")] }, "A\nB"],
    ["[2.3:empty] nothing", {}, "(no output)"],
    ["[2.3:empty] an empty string", { content: "" }, "(no output)"],
    ["[2.3:empty] no blocks", { content: [] }, "(no output)"],
    ["[2.3:empty] a blank text", { content: [text(" ")] }, "(no output)"],
    ["[2.3:error] an error", { content: "no file", is_error: true }, "Error: no file"],
    ["[2.3:error] an error that says so", { content: "Error: no file", is_error: true }, "Error: no file"],
    [
      "[2.3:error] Claude Code's errors",
      { content: "<tool_use_error>x</tool_use_error>", is_error: true },
      "<tool_use_error>x</tool_use_error>",
    ],
    [
      "[2.3:error] another form of error",
      { content: "<error>x</error>", is_error: true },
      "<error>x</error>",
    ],
    ["[2.3:error 2.3:empty] an error of no words", { is_error: true }, "Error: (no output)"],
    ["[2.3:error] no error", { content: "no file", is_error: false }, "no file"],
    [
      "[2.3:search_result] a search result",
      { content: [{ type: "search_result", source: "s", title: "t", content: [text("A")] }] },
      '<search_result source="s" title="t">A</search_result>',
    ],
    [
      "[2.3:tool_reference] a tool that came",
      { content: [{ type: "tool_reference", tool_name: "X" }] },
      "Tool X is now available.",
    ],
  ])("%s", (_, result, expected) => {
    expect(afterCall(result)).toEqual([{ role: "tool", tool_call_id: "t", content: expected }]);
  });
});

const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } };
const pdf = { type: "document", source: { type: "base64", media_type: "application/pdf", data: "QQ==" } };
const imagePart = { type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } };
const filePart = {
  type: "file",
  file: { filename: "document.pdf", file_data: "data:application/pdf;base64,QQ==" },
};

describe("media in a tool result", () => {
  test("[2.3:media-inside] go into the tool message where that is allowed", () => {
    expect(afterCall({ content: [image, pdf], is_error: true }, "openrouter")).toEqual([
      { role: "tool", tool_call_id: "t", content: [text("Error:"), imagePart, filePart] },
    ]);
  });

  test("[2.3:media-after] follow all tool messages, before what the user says", () => {
    const conversation = [
      { role: "user", content: "hi" },
      {
        role: "assistant",
        content: ["a", "b"].map((id) => ({ type: "tool_use", id, name: "T", input: {} })),
      },
      {
        role: "user",
        content: [
          text("and?"),
          { type: "tool_result", tool_use_id: "b", content: [image, image, pdf] },
          { type: "tool_result", tool_use_id: "a", content: [image] },
        ],
      },
    ];
    expect<unknown>(messages(conversation, { profile: "openai" }).slice(2)).toEqual([
      { role: "tool", tool_call_id: "a", content: "[1 image attached in the next message]" },
      { role: "tool", tool_call_id: "b", content: "[2 images and 1 document attached in the next message]" },
      {
        role: "user",
        content: [
          text("Attachment of tool result a:"),
          imagePart,
          text("Attachment of tool result b:"),
          imagePart,
          imagePart,
          filePart,
          text("and?"),
        ],
      },
    ]);
  });

  test("[2.3:media-after] a document alone", () => {
    expect<unknown>(afterCall({ content: [pdf] }, "openai")).toEqual([
      { role: "tool", tool_call_id: "t", content: "[1 document attached in the next message]" },
      { role: "user", content: [text("Attachment of tool result t:"), filePart] },
    ]);
  });

  test("[2.2:image-refused] an image that the model does not read is told in place", () => {
    const target = { profile: "deepseek", model: "deepseek-v4" } as const;
    const conversation = [{ role: "user", content: "hi" }, ...toolRound("t", { content: [image] })];
    expect(messages(conversation, target).slice(2)).toEqual([
      {
        role: "tool",
        tool_call_id: "t",
        content: "[image omitted: the model does not accept images]",
      },
    ]);
  });
});
