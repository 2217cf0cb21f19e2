import { describe, expect, test } from "bun:test";
import { translateCompletion, translateStream } from "../../../support/translate-answer.ts";

/** What the client reads of an answer with this content. */
function caseOf(thinking: object | undefined, profile: "vllm" | "openai" | "llamacpp" = "vllm") {
  const messages = [{ role: "user", content: "hi" }];
  return { profile, model: "m", request: { model: "claude-opus-5-5", max_tokens: 100, messages, thinking } };
}

function read(content: string, translationCase: ReturnType<typeof caseOf>, others: object = {}): unknown {
  const completion = { choices: [{ index: 0, message: { content, ...others }, finish_reason: "stop" }] };
  return translateCompletion(translationCase, completion).message?.content.map((block) =>
    block.type === "thinking" ? { thinking: block.thinking } : block.type === "text" ? block.text : block,
  );
}

describe("a whole answer that only closes its reasoning", () => {
  const adaptive = { type: "adaptive" };

  test.each([
    ["a\n</think>\n\nb", [{ thinking: "a" }, "b"]],
    ["a</thinking>b", [{ thinking: "a" }, "b"]],
    ["a</think>b</think>c", [{ thinking: "a" }, "b</think>c"]],
    ["</think>b", ["b"]],
    ["<think>a</think>b", [{ thinking: "a" }, "b"]],
    ["say <think>a</think>", ["say <think>a</think>"]],
    ["no tag at all", ["no tag at all"]],
  ])("[3.3:think-tags] %j where thinking was asked", (content, expected) => {
    expect(read(content, caseOf(adaptive))).toEqual(expected);
  });

  test("[3.3:think-tags] is text where nobody asked for thinking", () => {
    expect(read("a</think>b", caseOf(undefined))).toEqual(["a</think>b"]);
  });

  test("[3.3:think-tags] is text where the profile knows no tags", () => {
    expect(read("a</think>b", caseOf(adaptive, "openai"))).toEqual(["a</think>b"]);
  });

  test("[3.3:think-tags] is text at llama.cpp, which parses the model's own tags", () => {
    for (const content of ["a</think>b", "</think>b"])
      expect(read(content, caseOf(adaptive, "llamacpp"))).toEqual([content]);
  });

  test("[3.3:think-tags] at the very start is left out, whatever was asked", () => {
    expect(read("</think>\n\nb", caseOf(adaptive))).toEqual(["b"]);
    expect(read("</think>\n\nb", caseOf(undefined))).toEqual(["b"]);
    const reasoned = read("</think>\n\nb", caseOf(adaptive), { reasoning_content: "r" });
    expect(reasoned).toEqual([{ thinking: "r" }, "b"]);
  });

  test.each(["reasoning", "reasoning_content", "reasoning_text"])(
    "[3.3:think-tags] is text where the reasoning came in %s",
    (member) => {
      expect(read("a</think>b", caseOf(adaptive), { [member]: "r" })).toEqual([
        { thinking: "r" },
        "a</think>b",
      ]);
    },
  );

  test("[3.3:think-tags] is text in a stream, which cannot take back what it said", () => {
    const chunk = { choices: [{ index: 0, delta: { content: "a</think>b" }, finish_reason: "stop" }] };
    const bytes = new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    const { message } = translateStream(caseOf(adaptive), [bytes]);
    expect(message?.content).toEqual([{ type: "text", text: "a</think>b", citations: null }]);
  });
});

test("[4.5:slots] calls of a whole answer are told apart without index and id", () => {
  const call = { function: { name: "Now", arguments: JSON.stringify('{"a":1}') } };
  const message = { content: null, tool_calls: [call, call] };
  const answer = translateCompletion(caseOf(undefined), {
    choices: [{ index: 0, message, finish_reason: "tool_calls" }],
  });
  expect(answer.message?.content).toEqual([
    { type: "tool_use", id: "toolu_000000000000000000000001", name: "Now", input: { a: 1 } },
    { type: "tool_use", id: "toolu_000000000000000000000002", name: "Now", input: { a: 1 } },
  ]);
});
