import { expect, test } from "bun:test";
import { chunk } from "../support/chunks.ts";
import { type Reply, sse } from "../support/reply.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";

const foreign = { hello: "world" };

test.each<[what: string, reply: Reply, said: string]>([
  [
    "events that are none of ours, without [DONE]",
    sse([foreign], { done: false }),
    'has no choices: {"hello":"world"}',
  ],
  ["the same with [DONE]", sse([foreign]), 'has no choices: {"hello":"world"}'],
  ["nothing but [DONE]", sse([]), "ended before it began"],
])("[5.5:doubtful] [turn 29] [turn 30] %s", async (_, reply, said) => {
  await using pair = await startPair();
  const { host } = new URL(pair.upstream.baseUrl);
  pair.upstream.respondWith(() => reply);
  for (const stream of [false, true]) {
    expect(await readFailure(await pair.post({ ...hello, stream }))).toEqual([
      424,
      "api_error",
      `The upstream's answer ${said}. Check the setting BASE_URL: is ${host} an OpenAI-compatible server?`,
    ]);
  }
});

test("[turn 29] a stream that has begun and ends early is tried again by the client", async () => {
  await using pair = await startPair();
  pair.upstream.respondWith(() => sse([chunk({ content: "" })], { done: false }));
  // Where the machine is slow, the head of a stream may be out before the end is known.
  expect((await readFailure(await pair.post(hello)))[0]).toBe(502);
});
