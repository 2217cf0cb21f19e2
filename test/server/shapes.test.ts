import { expect, test } from "bun:test";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import { json, type Reply, sse, status, whole } from "../support/reply.ts";
import { hello, readBytes, readFailure, readObject, startPair } from "../support/start-pair.ts";

const streamed = { ...hello, stream: true };
const answer = { text: "hello", usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } };
const textEvents = [
  "message_start",
  "ping",
  "content_block_start",
  "content_block_delta",
  "content_block_stop",
  "message_delta",
  "message_stop",
];

test.each<[string, Reply]>([
  ["JSON", json(completionOf(answer))],
  ["JSON without a content type", json(completionOf(answer), { headers: { "content-type": null } })],
  [
    "JSON that is said to be an event stream",
    json(completionOf(answer), { headers: { "content-type": "text/event-stream" } }),
  ],
  ["an event stream", sse(chunksOf(answer))],
  [
    "an event stream that is said to be JSON",
    sse(chunksOf(answer), { headers: { "content-type": "application/json" } }),
  ],
  ["an event stream without a content type", sse(chunksOf(answer), { headers: { "content-type": null } })],
  [
    "an event stream after comments",
    sse([": wait\n\n", ...chunksOf(answer)], { headers: { "content-type": null } }),
  ],
])("[4.8:json 4.8:events E30] %s is told as a stream and as a whole answer", async (_, reply) => {
  await using pair = await startPair();
  pair.upstream.reply(reply);
  pair.upstream.reply(reply);
  const bytes = await readBytes(await pair.post(streamed));
  expect(findGrammarFaults(bytes)).toEqual([]);
  const events = parseWireEvents(bytes);
  expect(events.map(({ name }) => name)).toEqual(textEvents);
  expect(events[3]?.data["delta"]).toEqual({ type: "text_delta", text: "hello" });
  expect(events[5]?.data).toMatchObject({
    delta: { stop_reason: "end_turn" },
    usage: { input_tokens: 9, output_tokens: 2 },
  });
  const message = await readObject(await pair.post(hello));
  expect(message).toMatchObject({
    content: [{ type: "text", text: "hello", citations: null }],
    stop_reason: "end_turn",
    usage: { input_tokens: 9, output_tokens: 2 },
  });
});

test.each([
  ["a stream", streamed],
  ["a whole answer", hello],
])("[4.8:page] a web page instead of %s is told without its markup", async (_, body) => {
  await using pair = await startPair();
  const page = "<!doctype html><html><head><title>Sign in</title></head><body><b>Hi</b></body></html>";
  pair.upstream.reply(whole(page, { headers: { "content-type": "text/html" } }));
  const response = await pair.post(body);
  const { host } = new URL(pair.upstream.baseUrl);
  expect(await readFailure(response)).toEqual([
    424,
    "api_error",
    `${host} answered text/html (Sign in) and no chat completion. Check the setting BASE_URL`,
  ]);
});

test.each<[string, Reply, number, string]>([
  [
    "204",
    { ...status(204, ""), head: "HTTP/1.1 204 No Content\r\n\r\n", body: [] },
    424,
    " answered 204 with an empty body and no chat completion. Check the setting BASE_URL",
  ],
  [
    "an empty 200",
    whole("", { headers: { "content-type": "application/json" } }),
    424,
    " answered 200 with an empty body and no chat completion. Check the setting BASE_URL",
  ],
  ["a status of 999", status(999, { error: { message: "strange" } }), 502, "strange"],
])("[4.8:page] %s is an error", async (_, reply, code, end) => {
  await using pair = await startPair();
  pair.upstream.respondWith(() => reply);
  expect(await readFailure(await pair.post(streamed))).toEqual([
    code,
    "api_error",
    expect.stringMatching(new RegExp(`${end}$`)),
  ]);
});

test("[5.5:doubtful] a web page after the first answer may pass, and is a 502", async () => {
  await using pair = await startPair();
  pair.upstream.reply(json(completionOf({ text: "one" })));
  pair.upstream.reply(whole("<title>Sign in</title>", { headers: { "content-type": "text/html" } }));
  expect((await pair.post(hello)).status).toBe(200);
  expect((await pair.post(hello)).status).toBe(502);
});

test.each([
  ["a stream", streamed],
  ["a whole answer", hello],
])("[5.4:status] an error in a 200 instead of %s has its own status", async (_, body) => {
  await using pair = await startPair();
  pair.upstream.reply(json({ error: { code: 429, message: "slow down" } }));
  const response = await pair.post(body);
  expect(await readFailure(response)).toEqual([
    429,
    "rate_limit_error",
    expect.stringMatching(/^127.*: slow down$/),
  ]);
});

test("[4.8:empty] an empty answer is asked for once more, then told as it is", async () => {
  await using pair = await startPair();
  const empty = completionOf({
    text: "",
    usage: { prompt_tokens: 9, completion_tokens: 0, total_tokens: 9 },
  });
  pair.upstream.respondWith(() => json(empty));
  const message = await readObject(await pair.post(hello));
  expect(message).toMatchObject({ content: [], stop_reason: "end_turn" });
  expect(pair.upstream.requests.length).toBe(2);
  const events = parseWireEvents(await readBytes(await pair.post(streamed)));
  expect(events.map(({ name }) => name)).toEqual(["message_start", "ping", "message_delta", "message_stop"]);
  expect(pair.upstream.requests.length).toBe(4);
  // A person sees nothing of it at the client.
  const told = pair.proxy.complaints.map((text) => text.startsWith("the model returned nothing {"));
  expect(told).toEqual([true, true]);
  pair.upstream.reply(json(completionOf({ text: "one" })));
  expect((await pair.post(hello)).status).toBe(200);
  expect(pair.proxy.complaints).toHaveLength(2);
});

test("a redirect is refused, and the key does not follow it", async () => {
  await using pair = await startPair();
  await using other = await startPair();
  pair.upstream.respondWith(() =>
    status(307, "", { location: `${other.upstream.baseUrl}/chat/completions` }),
  );
  const response = await pair.post(hello);
  const [code, type, message] = await readFailure(response);
  expect([code, type, message]).toEqual([
    424,
    "api_error",
    `${new URL(pair.upstream.baseUrl).host} redirects to ${new URL(other.upstream.baseUrl).host}, and no redirect is followed. If that is the right one, set BASE_URL to ${other.upstream.baseUrl}`,
  ]);
  expect(other.upstream.requests).toEqual([]);
});

test("[4.2:split] bytes may be split anywhere", async () => {
  await using pair = await startPair();
  const chunks = [chunk({ content: "é🙂" }), chunk({}, "stop")];
  const length = Buffer.byteLength(chunks.map((item) => `data: ${JSON.stringify(item)}\n\n`).join(""));
  const splitAt = Array.from({ length }, (_, index) => index + 1);
  pair.upstream.reply(sse(chunks, { splitAt }));
  expect((await readObject(await pair.post(hello)))["content"]).toEqual([
    { type: "text", text: "é🙂", citations: null },
  ]);
});

test("[0.13:own-headers 1.1:headers] only the proxy's own headers go up", async () => {
  await using pair = await startPair();
  pair.upstream.reply(json(completionOf(answer)));
  const headers = {
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "x",
    "x-api-key": "sk-client",
    "x-stainless-lang": "js",
    cookie: "a=b",
    "user-agent": "claude-cli/2.1.330",
  };
  await (await pair.post(hello, { headers })).text();
  const sent = pair.upstream.requests[0]?.headers ?? {};
  expect(Object.keys(sent).toSorted()).toEqual([
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
  ]);
  expect([sent["authorization"], sent["user-agent"]]).toEqual([
    "Bearer sk-upstream-key",
    "claude-proxy/0.0.0-test",
  ]);
});
