import { expect, test } from "bun:test";
import { translateStream } from "../../../support/translate-answer.ts";
import { messages } from "../request/build.ts";

const gemini = { profile: "gemini", model: "gemini-3-pro" } as const;
const question = { role: "user", content: "hi" };

/** The assistant message that Gemini gets back of an answer with these deltas. */
function sentBack(deltas: readonly object[]): object | undefined {
  const chunks = [...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })), { choices: [], usage: {} }];
  const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  const bytes = new TextEncoder().encode(`${events.join("")}data: [DONE]\n\n`);
  const request = { model: "claude-opus-5-5", max_tokens: 100, stream: true, messages: [question] };
  const { message } = translateStream({ ...gemini, request }, [bytes]);
  const answer = { role: "assistant", content: message?.content ?? [] };
  return messages([question, answer, question], gemini)[1];
}

const signed = (signature: string) => ({ extra_content: { google: { thought_signature: signature } } });

test.each([
  ["of its own, behind the text", [{ content: "Hello" }, { content: "", ...signed("S") }]],
  ["of the text", [{ content: "Hello", ...signed("S") }]],
])("[6.2:gemini-text] a signature that came on a delta %s goes back on the message", (_, deltas) => {
  expect(sentBack(deltas)).toEqual({ role: "assistant", content: "Hello", ...signed("S") });
});

test("[6.2:gemini-text] nothing goes back where nothing came", () => {
  expect(sentBack([{ content: "Hello", extra_content: { google: {} } }])).toEqual({
    role: "assistant",
    content: "Hello",
  });
});

test("[6.2:gemini] the signature of a call goes back, though its arguments came behind it", () => {
  const start = { index: 0, id: "a", function: { name: "Bash", arguments: "" }, ...signed("S") };
  const rest = { index: 0, function: { arguments: "{}" } };
  expect(sentBack([{ tool_calls: [start] }, { tool_calls: [rest] }])).toEqual({
    role: "assistant",
    content: null,
    tool_calls: [{ id: "a", type: "function", function: { name: "Bash", arguments: "{}" }, ...signed("S") }],
  });
});
