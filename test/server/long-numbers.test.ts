import { describe, expect, test } from "bun:test";
import { chunk } from "../support/chunks.ts";
import { parseWireEvents } from "../support/grammar.ts";
import { json, sse, whole } from "../support/reply.ts";
import { startPair } from "../support/start-pair.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";

const id = "2512292042121000001";
const near = "2512292042121000002";
const tools = [{ name: "query", input_schema: { type: "object", properties: { id: { type: "integer" } } } }];
const asked = {
  model: "claude-sonnet-5-5",
  max_tokens: 100,
  tools,
  messages: [{ role: "user", content: "hi" }],
};
const call = (text: string) => ({
  index: 0,
  id: "call_1",
  type: "function",
  function: { name: "query", arguments: text },
});

/** A conversation with calls of both ids, as a client writes it, and a text of this length. */
function conversation(length: number): string {
  const use = (toolId: string, number: string) =>
    `{"type":"tool_use","id":"${toolId}","name":"query","input":{"id":${number},"at":[1e400,{"n":-${number}}]}}`;
  const result = (toolId: string) => `{"type":"tool_result","tool_use_id":"${toolId}","content":"0 rows"}`;
  const messages = [
    `{"role":"user","content":"${"long ".repeat(length / 5)}"}`,
    `{"role":"assistant","content":[${use("toolu_1", id)},${use("toolu_2", near)}]}`,
    `{"role":"user","content":[${result("toolu_1")},${result("toolu_2")}]}`,
  ];
  return JSON.stringify(asked).replace(/"messages":.*$/, `"messages":[${messages.join(",")}]}`);
}

describe("[3.5:long-numbers] numbers beyond 2^53", () => {
  test("come as they are written in a whole answer and in a stream", async () => {
    await using pair = await startPair();
    const arguments_ = `{"id": ${id}}`;
    pair.upstream.reply(
      json({
        choices: [
          {
            index: 0,
            message: { content: null, tool_calls: [call(arguments_)] },
            finish_reason: "tool_calls",
          },
        ],
      }),
    );
    const answer = await (await pair.post(asked)).text();
    expect(answer).toContain(`"input":{"id":${id}}`);
    const pieces = [arguments_.slice(0, 20), arguments_.slice(20)];
    pair.upstream.reply(
      sse([
        ...pieces.map((piece, at) =>
          chunk({ tool_calls: [at === 0 ? call(piece) : { index: 0, function: { arguments: piece } }] }),
        ),
        chunk({}, "tool_calls"),
        "[DONE]",
      ]),
    );
    const streamed = await (await pair.post({ ...asked, stream: true })).text();
    const sent = parseWireEvents(new TextEncoder().encode(streamed)).map(
      ({ data }) => objectOf(objectOf(data)["delta"])["partial_json"] ?? "",
    );
    expect(sent.join("")).toBe(arguments_);
  });

  test("come as they are written in arguments that are an object of a whole answer", async () => {
    await using pair = await startPair();
    const made = JSON.stringify(call("ARGUMENTS")).replace('"ARGUMENTS"', `{"id":${id},"at":[1e400]}`);
    const answer = `{"choices":[{"index":0,"message":{"tool_calls":[${made}]},"finish_reason":"tool_calls"}]}`;
    pair.upstream.reply(whole(answer));
    expect(await (await pair.post(asked)).text()).toContain(`"input":{"id":${id},"at":[1e400]}`);
  });

  /** A call whose arguments are an object. */
  const made = JSON.stringify({ name: "query", arguments: "ARGUMENTS" }).replace(
    '"ARGUMENTS"',
    `{"id":${id},"at":[1e400]}`,
  );
  const choice = (said: string, index = 0) => `{"index":${index},"delta":${said},"finish_reason":null}`;
  const called = choice(`{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":${made}}]}`);

  test.each<[string, string]>([
    ["of a call", `{"choices":[${called}]}`],
    ["in the member of an older time", `{"choices":[${choice(`{"function_call":${made}}`)}]}`],
    ["in a message", `{"choices":[${called}]}`.replace('"delta"', '"message"')],
    ["in an envelope", `{"data":{"choices":[${called}]},"success":true}`],
    ["in a second choice", `{"choices":[${choice("{}")},${called.replace('"index":0', '"index":1')}]}`],
    [
      "written into the text",
      `{"choices":[${choice(`{"content":${JSON.stringify(`<tool_call>${made}</tool_call>`)}}`)}]}`,
    ],
  ])("come as they are written in arguments that are an object of a chunk, %s", async (_, text) => {
    await using pair = await startPair();
    pair.upstream.reply(sse([`data: ${text}\n\n`, chunk({}, "tool_calls")]));
    const streamed = await (await pair.post({ ...asked, stream: true })).text();
    expect(streamed).toContain(JSON.stringify(`{"id":${id},"at":[1e400]}`).slice(1, -1));
  });

  test.each([0, 700_000])(
    "go back to the upstream as they are written, behind a text of %d characters",
    async (length) => {
      await using pair = await startPair();
      pair.upstream.reply(
        json({ choices: [{ index: 0, message: { content: "Hello." }, finish_reason: "stop" }] }),
      );
      expect((await pair.post(conversation(length))).status).toBe(200);
      const { body } = await pair.upstream.request(0);
      const calls = objectsOf(objectOf(body)["messages"])
        .flatMap((message) => objectsOf(message["tool_calls"]))
        .map((made) => objectOf(made["function"])["arguments"]);
      expect(calls).toEqual([id, near].map((number) => `{"id":${number},"at":[1e400,{"n":-${number}}]}`));
    },
  );
});
