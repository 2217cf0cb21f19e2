import { afterEach, expect, test } from "bun:test";
import { createAgentScript } from "./agent-script.ts";
import { buildRefusal, type Model, type StrictUpstream, startStrictUpstream } from "./strict-upstream.ts";

let upstream: StrictUpstream | undefined;

afterEach(async () => {
  await upstream?.stop();
  upstream = undefined;
});

async function send(
  model: Model,
  body: object,
): Promise<{ code: number; text: string; violations: string[] }> {
  upstream = await startStrictUpstream("generic", model);
  const response = await fetch(`${upstream.baseUrl}/chat/completions`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return { code: response.status, text: await response.text(), violations: upstream.violations };
}

test("answers a legal request whole and streamed", async () => {
  const request = { model: "m", messages: [{ role: "user", content: "hi" }] };
  const model: Model = () => ({ text: "hello" });
  const answer = await send(model, request);
  expect([answer.code, answer.text.includes('"content":"hello"'), answer.violations]).toEqual([
    200,
    true,
    [],
  ]);
  await upstream?.stop();
  const streamed = await send(model, { ...request, stream: true });
  expect([streamed.code, streamed.text.endsWith("data: [DONE]\n\n")]).toEqual([200, true]);
});

test("refuses what a real server refuses", async () => {
  const { code, text, violations } = await send(() => ({ text: "never" }), { model: "m", messages: [] });
  expect(code).toBe(400);
  const fault = "messages must be a list with at least one entry";
  expect(JSON.parse(text)).toEqual(buildRefusal("generic", fault));
  expect(violations).toEqual([fault]);
});

const bash = { name: "Bash", arguments: { command: "ls" } };
const tools = [{ type: "function", function: { name: "Bash" } }];
const said = (id: string) => ({
  role: "assistant",
  content: "Look",
  tool_calls: [
    { id, type: "function", function: { name: "Bash", arguments: '{"command":"ls","timeout":1}' } },
  ],
});
const heard = (content: string) => ({ role: "tool", tool_call_id: "t", content });
const script = () =>
  createAgentScript({
    steps: [
      { text: "Look", calls: [bash] },
      { text: "Done", heard: ["a.txt"] },
    ],
    ids: "restarting",
    sideAnswer: { text: "title" },
  });

test("leads an agent through its steps", () => {
  const { model, surprises } = script();
  const user = { role: "user", content: "go" };
  expect(model({ messages: [user] })).toEqual({ text: "title" });
  expect(model({ messages: [user], tools })).toEqual({
    text: "Look",
    toolCalls: [{ id: "call_0", ...bash }],
  });
  expect(model({ messages: [user, said("t"), heard("a.txt b.txt")], tools })).toEqual({ text: "Done" });
  expect(surprises).toEqual([]);
});

test("is surprised by a history that it did not make", () => {
  const { model, surprises } = script();
  const user = { role: "user", content: "go" };
  model({ messages: [user, said("t"), heard("empty")], tools });
  model({ messages: [user, said("t"), heard("a.txt"), said("u"), heard("a.txt")], tools });
  model({ messages: [user, { role: "assistant", content: "Hm" }], tools });
  expect(surprises).toEqual([
    'result 0 says "empty", not a.txt',
    'answer 1 had the text "Look"',
    "answer 1 had 1 calls",
    "the conversation has 2 answers, the script 2",
    'answer 0 had the text "Hm"',
    "answer 0 had 0 calls",
    "answer 0 had the call undefined undefined",
    "0 results instead of 1",
  ]);
});
