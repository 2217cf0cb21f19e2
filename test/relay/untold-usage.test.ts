import { expect, test } from "bun:test";
import { chunk, completionOf, toolCallChunk } from "../support/chunks.ts";
import { json, type Reply, sse } from "../support/reply.ts";
import { hello, readBytes, startPair } from "../support/start-pair.ts";

const words = "one two three four five six seven eight nine ten ".repeat(40);
const input = { command: words };
const call = { id: "call_1", name: "Bash", arguments: JSON.stringify(input) };
const untold = { usage: null };
const tagged = `<tool_call>\n${JSON.stringify({ name: "Bash", arguments: input })}\n</tool_call>`;
const schema = { type: "object", properties: { command: { type: "string" } } };
const asked = { ...hello, tools: [{ name: "Bash", input_schema: schema }] };

const whole = (answer: object): Reply => json({ ...answer, ...untold });

test.each<[string, boolean, Reply]>([
  ["a call of a stream", true, sse([toolCallChunk(0, call), chunk({}, "tool_calls")])],
  ["a call of a whole answer", false, whole(completionOf({ toolCalls: [{ ...call, arguments: input }] }))],
  ["a call in the text of a stream", true, sse([chunk({ content: tagged }), chunk({}, "stop")])],
  ["a call in the text of a whole answer", false, whole(completionOf({ text: tagged }))],
  [
    "a call of another choice",
    true,
    sse([
      {
        ...chunk({}),
        choices: [{ index: 1, delta: { tool_calls: [{ index: 0, id: "c", function: call }] } }],
      },
      chunk({}, "tool_calls"),
    ]),
  ],
])("[7] the output of an answer without usage is counted with %s", async (_, stream, reply) => {
  await using pair = await startPair({ settings: { upstreamProfile: "ollama" } });
  pair.upstream.reply(reply);
  await readBytes(await pair.post({ ...asked, stream }));
  const { stopReason, outputTokens, usageEstimated } = await pair.proxy.record(0);
  expect([stopReason, usageEstimated]).toEqual(["tool_use", true]);
  // Four hundred words, of a token each.
  expect(outputTokens).toBeWithin(400, 600);
});
