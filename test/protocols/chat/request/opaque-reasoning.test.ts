import { describe, expect, test } from "bun:test";
import type { Message } from "../../../../src/anthropic/message.ts";
import { profileIds } from "../../../../src/profiles/profile-ids.ts";
import { translateCompletion, translateStream } from "../../../support/translate-answer.ts";
import { build } from "./build.ts";

const tools = [{ name: "Read", input_schema: { type: "object", properties: {} } }];
const user = { role: "user", content: "hi" };
const request = { model: "c", max_tokens: 2000, messages: [user], tools, thinking: { type: "adaptive" } };
const hidden = { ...request, thinking: { type: "adaptive", display: "omitted" } };
const copilot = { profile: "generic", model: "gemini-3-pro-preview", request } as const;
const call = { index: 0, id: "call_1", type: "function", function: { name: "Read", arguments: "{}" } };
const opaque = { reasoning_opaque: "b3BhcXVl" };
const both = { reasoning_text: "I look.", ...opaque };

type Case = Omit<Parameters<typeof translateStream>[0], "loneThinkTag">;

function streamed(target: Case, deltas: readonly object[], choices: readonly object[] = []): Message {
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
    ...choices.map((delta) => ({ choices: [{ index: 1, delta, finish_reason: "tool_calls" }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
  ];
  const bytes = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  return messageOf(translateStream(target, [new TextEncoder().encode(bytes)]));
}

function messageOf({ message }: { message: Message | null }): Message {
  if (message === null) throw new Error("the answer has failed");
  return message;
}

/** What goes back on the assistant message when the conversation is sent on. */
function returned(message: Message, target: Pick<Case, "profile" | "model"> = copilot): object {
  const result = { type: "tool_result", tool_use_id: "call_1", content: "R" };
  const next = message.stop_reason === "tool_use" ? { role: "user", content: [result] } : user;
  const conversation = [user, { role: "assistant", content: message.content }, next];
  const sent = build({ ...request, messages: conversation }, target).messages[1];
  if (sent?.role !== "assistant") throw new Error("no message of the assistant");
  const { role, content, tool_calls, ...reasoning } = sent;
  return reasoning;
}

describe("[6.2:copilot] opaque reasoning of GitHub Copilot", () => {
  test.each<[string, object[], object]>([
    [
      "behind its text",
      [{ reasoning_text: "I " }, { reasoning_text: "look." }, opaque, { tool_calls: [call] }],
      both,
    ],
    ["beside a call (Gemini)", [{ reasoning_text: "I look." }, { tool_calls: [call], ...opaque }], both],
    [
      "beside a text",
      [{ reasoning_text: "I look." }, { content: "A", ...opaque }, { tool_calls: [call] }],
      both,
    ],
    ["without a text", [opaque, { tool_calls: [call] }], opaque],
    ["behind a text", [{ content: "A" }, opaque, { tool_calls: [call] }], opaque],
    ["behind a call", [{ reasoning_text: "I look." }, { tool_calls: [call] }, opaque], both],
    ["in every chunk", [{ ...both }, { content: "A", ...opaque }, { tool_calls: [call], ...opaque }], both],
    ["that is none", [{ reasoning_text: "I look.", reasoning_opaque: "" }, { tool_calls: [call] }], {}],
    [
      "that is no text",
      [{ reasoning_text: "I look.", reasoning_opaque: { a: 1 } }, { tool_calls: [call] }],
      {},
    ],
  ])("goes back, %s", (_, deltas, expected) => {
    for (const target of [copilot, { ...copilot, request: hidden }])
      expect(returned(streamed(target, deltas))).toEqual(expected);
  });

  test("goes back out of a whole answer", () => {
    const message = { content: "A", ...both, tool_calls: [call] };
    const completion = { choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
    expect(returned(messageOf(translateCompletion(copilot, completion)))).toEqual(both);
  });

  test("goes back out of the choice that has the calls (Claude)", () => {
    const message = streamed(
      copilot,
      [{ content: "A", reasoning_text: "I look." }],
      [{ ...opaque, tool_calls: [call] }],
    );
    expect(returned(message)).toEqual(both);
  });

  test("makes one block only", () => {
    const every = [{ ...both }, { content: "A", ...opaque }, { tool_calls: [call], ...opaque }];
    expect(streamed(copilot, every).content.map(({ type }) => type)).toEqual([
      "thinking",
      "text",
      "tool_use",
    ]);
  });

  test("goes to no other maker's model, and not behind a text that was edited", () => {
    const message = streamed(copilot, [both, { tool_calls: [call] }]);
    expect(returned(message, { profile: "generic", model: "gpt-5.2" })).toEqual({});
    const edited = message.content.map((block) =>
      block.type === "thinking" ? { ...block, thinking: "X" } : block,
    );
    expect(returned({ ...message, content: edited })).toEqual({});
  });

  test.each(profileIds.filter((profile) => profile !== "generic"))(
    "neither comes from %s nor goes to it",
    (profile) => {
      const fromCopilot = streamed(copilot, [both, { tool_calls: [call] }]);
      expect(JSON.stringify(returned(fromCopilot, { ...copilot, profile }))).not.toContain("opaque");
      const fromOther = streamed({ ...copilot, profile }, [both, { tool_calls: [call] }]);
      expect(returned(fromOther)).toEqual({});
    },
  );
});
