import { expect, test } from "bun:test";
import type { AnyProtocol } from "../../../src/protocols/protocol.ts";
import { json, sse, status } from "../../support/reply.ts";
import { hello, readFailure, readObject, startPair } from "../../support/start-pair.ts";
import { toyProtocol } from "./toy-protocol.ts";

/** All that a new wire needs outside its folder. */
const protocol: AnyProtocol = (use) => use(toyProtocol);

const read = {
  name: "Read",
  description: "reads",
  input_schema: { type: "object", properties: { path: {} } },
};
const conversation = {
  ...hello,
  system: "be brief",
  tools: [read],
  messages: [
    { role: "user", content: "what is in a?" },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Read", input: { path: "a" } }] },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "t1", content: "AAA" },
        { type: "text", text: "and in b?" },
      ],
    },
  ],
};
const answer = [
  { think: "b comes " },
  { think: "next" },
  { say: "I read " },
  { say: "it." },
  { call: { id: "c1", name: "Read", takes: '{"path":"b"}' } },
  { end: "calls", used: [30, 9] },
];
const toyStream = sse([...answer, "data: over\n\n"], { done: false });
const content = [
  { type: "thinking", thinking: "b comes next", signature: expect.any(String) },
  { type: "text", text: "I read it." },
  { type: "tool_use", id: expect.stringMatching(/^(c1|toolu_)/), name: "Read", input: { path: "b" } },
];

/** The data of each event of a stream. */
async function eventsOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
}

test("a second wire is one folder and one line: its request, in its own words", async () => {
  await using pair = await startPair({ protocol });
  pair.upstream.reply(toyStream);
  await (await pair.post({ ...conversation, stream: true })).text();
  const { path, headers, rawBody } = await pair.upstream.request(0);
  expect([path, headers["authorization"]]).toEqual(["/v1/toy", "Bearer sk-upstream-key"]);
  expect(JSON.parse(rawBody.toString("utf8"))).toEqual({
    model: "medium-model",
    stream: true,
    most: 100,
    lines: [
      { by: "system", text: "be brief" },
      { by: "user", text: "what is in a?" },
      { by: "model", text: "calls Read" },
      { by: "tool", text: "Read: AAA" },
      { by: "user", text: "and in b?" },
    ],
    tools: ["Read"],
  });
});

test("its stream is the client's, in the legal order, with thinking, text and a call", async () => {
  await using pair = await startPair({ protocol });
  pair.upstream.reply(toyStream);
  const events = await eventsOf(await pair.post({ ...conversation, stream: true }));
  expect(events.map(({ type }) => type)).toEqual([
    "message_start",
    "ping",
    ...["content_block_start", "content_block_delta", "content_block_delta", "content_block_delta"],
    "content_block_stop",
    ...["content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"],
    ...["content_block_start", "content_block_delta", "content_block_stop"],
    "message_delta",
    "message_stop",
  ]);
  expect(events.at(-2)).toMatchObject({
    delta: { stop_reason: "tool_use" },
    usage: { input_tokens: 30, output_tokens: 9 },
  });
});

test("its whole answer is the same message", async () => {
  await using pair = await startPair({ protocol });
  pair.upstream.reply(toyStream);
  const message = await readObject(await pair.post(conversation));
  expect(message).toMatchObject({ content, stop_reason: "tool_use", usage: { input_tokens: 30 } });
  pair.upstream.reply(json({ say: "all at once", end: "done", used: [3, 2] }));
  const whole = await readObject(await pair.post(hello));
  expect(whole).toMatchObject({ content: [{ type: "text", text: "all at once" }], stop_reason: "end_turn" });
});

test("what its upstream refuses is repaired, remembered and counted", async () => {
  await using pair = await startPair({ protocol });
  pair.upstream.reply(status(400, { error: { message: "no tools here" } }));
  for (let answers = 0; answers < 2; answers += 1) {
    pair.upstream.reply(json({ say: "without", end: "done", used: [3, 2] }));
  }
  await (await pair.post(conversation)).text();
  await (await pair.post(conversation)).text();
  const sent = pair.upstream.requests.map(({ rawBody }) => JSON.parse(rawBody.toString("utf8")).tools);
  expect(sent).toEqual([["Read"], [], []]);
  expect(await pair.proxy.record(1)).toMatchObject({ repairs: ["left out the tools (learned earlier)"] });
  expect(Number((await readObject(await pair.count(conversation)))["input_tokens"])).toBeGreaterThan(5);
});

test("what is no answer of its kind fails as that of any wire", async () => {
  await using pair = await startPair({ protocol });
  pair.upstream.reply(json(["no", "toy"]));
  expect(await readFailure(await pair.post(hello))).toEqual([
    502,
    "api_error",
    expect.stringContaining("answer is no toy"),
  ]);
});
