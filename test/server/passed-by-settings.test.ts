import { expect, test } from "bun:test";
import { messageEvents, stream } from "../support/anthropic-upstream.ts";
import { json, status } from "../support/reply.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";

const settings = { upstreamProtocol: "anthropic" } as const;

test("the settings alone may name an upstream of Anthropic's own wire", async () => {
  await using pair = await startPair({ settings });
  pair.upstream.reply(stream());
  const response = await pair.post({ ...hello, stream: true });
  expect(await response.text()).toBe(messageEvents().join(""));
  const { path, rawBody, headers } = await pair.upstream.request(0);
  expect(path).toBe("/v1/messages");
  expect(rawBody.toString()).toBe(JSON.stringify({ ...hello, model: "medium-model", stream: true }));
  expect(headers["authorization"]).toBe("Bearer sk-upstream-key");
  expect(await pair.proxy.record(0)).toMatchObject({
    protocol: "anthropic",
    upstreamModel: "medium-model",
    inputTokens: 25,
    outputTokens: 12,
  });
});

test("a request of a later API is passed on; without a model and messages it is refused here", async () => {
  await using pair = await startPair({ settings });
  pair.upstream.reply(json({ type: "message", usage: { input_tokens: 1, output_tokens: 2 } }));
  const later = { ...hello, messages: [{ role: "judge", content: 7 }] };
  expect((await pair.post(later)).status).toBe(200);
  expect((await pair.upstream.request(0)).body).toEqual({ ...later, model: "medium-model" });
  expect(await readFailure(await pair.post({ ...hello, messages: "none" }))).toEqual([
    400,
    "invalid_request_error",
    "messages: Invalid input: expected array, received string",
  ]);
});

test("tokens are counted here where the upstream counts none", async () => {
  await using pair = await startPair({ settings });
  pair.upstream.reply(status(404, { error: { message: "no such path" } }));
  expect(await (await pair.count()).json()).toEqual({ input_tokens: expect.any(Number) });
  expect((await pair.upstream.request(0)).path).toBe("/v1/messages/count_tokens");
  await pair.count();
  expect(pair.upstream.requests).toHaveLength(1);
});
