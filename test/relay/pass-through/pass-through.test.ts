import { describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import {
  errorText,
  event,
  message,
  messageEvents,
  refusal,
  stream,
  upstreamRequestId,
  wholeMessage,
} from "../../support/anthropic-upstream.ts";
import { hangUp, silence, sseOf, status } from "../../support/reply.ts";
import { ownCount, startPassing } from "../../support/start-passing.ts";
import { untilStill } from "../../support/until-still.ts";

const hello = { model: "claude-opus-5-5", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };
const streamed = { ...hello, stream: true };

describe("the request", () => {
  const oddBody = `\n{ "max_tokens" : 1e2,  "model":"claude-opus-5-5","x":12345678901234567890,
    "messages":[{"role":"user","content":"caf\\u00e9 ☕ \\ud83d\\ude00 \\"model\\":\\"a\\"", "model":"inner"}] , "x":1.0 }\t`;

  test("[30.1:bytes] goes out in the very same bytes where nothing has to be changed", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(message());
    expect((await passing.post(oddBody)).status).toBe(200);
    const { rawBody, path } = await passing.upstream.request(0);
    expect(rawBody.toString()).toBe(oddBody);
    expect(path).toBe("/v1/messages?beta=true");
  });

  test("[30.1:model] changes in its model alone", async () => {
    await using passing = await startPassing({ model: 'vendor/"m"' });
    passing.upstream.reply(message());
    await passing.post(oddBody);
    const { rawBody } = await passing.upstream.request(0);
    expect(rawBody.toString()).toBe(oddBody.replace('"model":"claude-opus-5-5"', '"model":"vendor/\\"m\\""'));
  });

  test("[30.1:settings] has the settings' own members and headers", async () => {
    await using passing = await startPassing({
      settings: {
        body: { top_k: 5, max_tokens: null },
        headers: { "x-team": "blue", "anthropic-version": "2099" },
      },
    });
    passing.upstream.reply(message());
    await passing.post(hello);
    const { rawBody, headers } = await passing.upstream.request(0);
    expect(rawBody.toString()).toBe(
      '{"model":"claude-opus-5-5","messages":[{"role":"user","content":"hi"}],"top_k":5}',
    );
    expect(headers["x-team"]).toBe("blue");
    expect(headers["anthropic-version"]).toBe("2099");
  });

  test("[30.1:headers] has the headers of the open lists, our key, and nothing else of the client", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(message());
    await passing.post(hello, {
      headers: {
        authorization: "Bearer sk-client-secret-0123456789",
        "x-api-key": "sk-client-secret-0123456789",
        "x-claude-proxy-key": "sk-client-secret-0123456789",
        cookie: "a=b",
        "anthropic-beta": "one,two",
        "x-claude-code-session-id": "s-1",
        "user-agent": "claude-cli/2.1.332 (external, cli)",
        "x-stainless-os": "Linux",
        "x-other": "1",
      },
    });
    const { headers } = await passing.upstream.request(0);
    const { host: _, "content-length": __, ...rest } = headers;
    expect(rest).toEqual({
      accept: "*/*",
      "accept-encoding": "identity",
      "anthropic-beta": "one,two",
      "anthropic-version": "2023-06-01",
      authorization: "Bearer sk-upstream-key-0123456789",
      connection: "keep-alive",
      "content-type": "application/json",
      "user-agent": "claude-cli/2.1.332 (external, cli)",
      "x-claude-code-session-id": "s-1",
    });
  });

  test("[30.1:redirect] follows no redirect", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(status(307, "", { location: "https://elsewhere.invalid/v1/messages" }));
    const response = await passing.post(hello);
    expect(await response.text()).toContain("no redirect is followed");
    expect(passing.upstream.requests).toHaveLength(1);
  });
});

describe("the answer", () => {
  test("[30.2:bytes] comes in the same bytes as a stream, and is recorded", async () => {
    await using passing = await startPassing();
    const events = messageEvents();
    passing.upstream.reply(stream(events));
    const response = await passing.post(streamed);
    expect(await response.text()).toBe(events.join(""));
    expect(response.headers.get("request-id")).toBe(upstreamRequestId);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("anthropic-organization-id")).toBe("org-1");
    for (const name of ["set-cookie", "anthropic-ratelimit-unified-status"])
      expect(response.headers.get(name)).toBeNull();
    expect(await passing.record(0)).toMatchObject({
      status: 200,
      protocol: "anthropic",
      stopReason: "end_turn",
      inputTokens: 25,
      outputTokens: 12,
      cacheReadTokens: 9,
      cacheWriteTokens: 7,
      thinkingTokens: 3,
      usageEstimated: false,
      upstreamRequestId,
      attempts: 1,
      errorType: null,
      events: 7,
    });
  });

  test("[30.2:whole] comes in the same bytes as a whole message, and is recorded", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(message());
    const response = await passing.post(hello);
    expect(await response.text()).toBe(wholeMessage);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("request-id")).toBe(upstreamRequestId);
    expect(await passing.record(0)).toMatchObject({
      stopReason: "max_tokens",
      inputTokens: 25,
      outputTokens: 12,
    });
  });

  test("is the same however the stream is cut", async () => {
    await using passing = await startPassing();
    const bytes = Buffer.from(messageEvents(["Hé", "☕"]).join("").replaceAll("\n", "\r\n"));
    const everyByte = Array.from({ length: bytes.length }, (_, index) => index);
    passing.upstream.reply(stream([bytes.toString()], { splitAt: everyByte }));
    expect(await (await passing.post(streamed)).text()).toBe(bytes.toString());
    expect(await passing.record(0)).toMatchObject({
      inputTokens: 25,
      outputTokens: 12,
      thinkingTokens: 3,
      events: 7,
    });
  });

  test("can be read by Anthropic's own library", async () => {
    await using passing = await startPassing();
    passing.upstream.respondWith(({ body }) =>
      JSON.stringify(body).includes('"stream":true') ? stream() : message(),
    );
    const client = new Anthropic({ baseURL: passing.url, apiKey: "x", maxRetries: 0 });
    const asked = { model: "m", max_tokens: 9, messages: [{ role: "user" as const, content: "hi" }] };
    const final = await client.messages.stream(asked).finalMessage();
    expect(final.content).toMatchObject([{ type: "text", text: "Hello" }]);
    expect(final.usage.output_tokens).toBe(12);
    expect((await client.messages.create(asked)).content).toMatchObject([{ text: "Héllo" }]);
  });

  test("[30.2:pings] gets pings of ours in silence, and none within an event", async () => {
    await using passing = await startPassing({ pace: { pingMs: 40 } });
    const [first = "", ...rest] = messageEvents();
    const half = rest.join("").slice(0, 40);
    const steps = { paceMs: 300, splitAt: [first.length, first.length + half.length] };
    passing.upstream.reply(stream([first + rest.join("")], steps));
    const text = await (await passing.post(streamed)).text();
    const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
    const [before = "", after = ""] = text.split(half);
    expect(before.replaceAll(ping, "")).toBe(first);
    expect(before).toContain(ping);
    expect(after).toStartWith(rest.join("").slice(40));
  });

  test("[30.2:early-head] that does not begin in time gets a head and a ping", async () => {
    await using passing = await startPassing({ pace: { headWithoutUpstreamMs: 30 } });
    passing.upstream.reply(stream(undefined, { headDelayMs: 200 }));
    const text = await (await passing.post(streamed)).text();
    expect(text).toBe(`event: ping\ndata: {"type":"ping"}\n\n${messageEvents().join("")}`);
  });

  test("[30.2:end] ends at its last event, even if the upstream keeps the connection", async () => {
    await using passing = await startPassing({ limits: { drainMs: 50 } });
    passing.upstream.reply(stream(undefined, { end: "stall" }));
    expect(await (await passing.post(streamed)).text()).toBe(messageEvents().join(""));
    expect(await passing.record(0)).toMatchObject({ status: 200, errorType: null });
  });

  test("[30.3:empty] is asked for once more when it is empty, and then fails", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(stream([]));
    passing.upstream.reply(stream());
    expect(await (await passing.post(streamed)).text()).toBe(messageEvents().join(""));
    passing.upstream.reply(stream([]));
    passing.upstream.reply(stream([event({ type: "ping" })]));
    expect((await passing.post(streamed)).status).toBe(502);
    expect(passing.upstream.requests).toHaveLength(4);
  });

  test("of a client that went away is given up", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(stream(messageEvents().slice(0, 3), { end: "stall" }));
    const gone = new AbortController();
    const response = await passing.post(streamed, { signal: gone.signal });
    await response.body?.getReader().read();
    gone.abort();
    expect(await (await passing.upstream.request(0)).closedByPeer).toBeNumber();
    expect(await passing.record(0)).toMatchObject({ status: 499, inputTokens: 25 });
  });
});

describe("an error", () => {
  test("[30.2:errors] passes as it is", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(
      refusal(429, "rate_limit_error", "slow down", { "retry-after": "17", "x-should-retry": "true" }),
    );
    const response = await passing.post(streamed);
    expect([response.status, await response.text()]).toEqual([
      429,
      errorText("rate_limit_error", "slow down"),
    ]);
    expect(response.headers.get("retry-after")).toBe("17");
    expect(response.headers.get("x-should-retry")).toBe("true");
    expect(response.headers.get("request-id")).toBe(upstreamRequestId);
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(await passing.record(0)).toMatchObject({
      status: 429,
      errorType: "rate_limit_error",
      errorMessage: "slow down",
      upstreamRequestId,
    });
  });

  test("that is no JSON passes too", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(status(503, "<h1>down</h1>", { "content-type": "text/html" }));
    const response = await passing.post(hello);
    expect([response.status, await response.text()]).toEqual([503, "<h1>down</h1>"]);
    expect(response.headers.get("content-type")).toBe("text/html");
    expect(await passing.record(0)).toMatchObject({ errorType: "api_error" });
  });

  test("[30.2:first-error] at the beginning of a stream becomes a status", async () => {
    await using passing = await startPassing();
    const told = JSON.parse(errorText("overloaded_error", "Overloaded"));
    passing.upstream.reply(stream([event({ type: "ping" }), event(told)]));
    const response = await passing.post(streamed);
    expect(response.status).toBe(529);
    expect(await response.json()).toEqual(told);
    expect(response.headers.get("content-type")).toBe("application/json");
  });

  test("[30.2:late-error] in the middle of a stream goes out among its bytes, and is recorded", async () => {
    await using passing = await startPassing();
    const events = [
      ...messageEvents().slice(0, 4),
      event(JSON.parse(errorText("overloaded_error", "Overloaded"))),
    ];
    passing.upstream.reply(stream(events));
    expect(await (await passing.post(streamed)).text()).toBe(events.join(""));
    expect(await passing.record(0)).toMatchObject({
      status: 200,
      errorMessage: "overloaded_error: Overloaded",
      inputTokens: 25,
    });
  });

  test("after a head that was sent early is an event with the upstream's own error", async () => {
    await using passing = await startPassing({ pace: { headWithoutUpstreamMs: 30 } });
    const late = refusal(529, "overloaded_error", "Overloaded");
    passing.upstream.reply({ ...late, headDelayMs: 200 });
    const text = await (await passing.post(streamed)).text();
    const told = JSON.stringify(JSON.parse(errorText("overloaded_error", "Overloaded")));
    expect(text).toBe(`event: ping\ndata: {"type":"ping"}\n\nevent: error\ndata: ${told}\n\n`);
  });

  describe("within an event", () => {
    const half = messageEvents()
      .join("")
      .slice(0, messageEvents().join("").length / 2);
    const hanging = () => stream([half], { end: "stall" });

    test("is an event of its own", async () => {
      await using passing = await startPassing();
      passing.upstream.reply(hanging());
      const response = await passing.post(streamed);
      let heard = "";
      for await (const bytes of response.body ?? []) {
        if (heard === "") await passing.upstream.stop();
        heard += Buffer.from(bytes).toString();
      }
      expect(heard).toStartWith(`${half}\nevent: error\ndata: {"type":"error","error":{"type":"api_error"`);
      expect(await passing.record(0)).toMatchObject({ errorType: "api_error", phase: "body" });
    });

    test("is heard by Anthropic's own library", async () => {
      await using passing = await startPassing();
      passing.upstream.reply(hanging());
      const client = new Anthropic({ baseURL: passing.url, apiKey: "x", maxRetries: 0 });
      const asked = { model: "m", max_tokens: 9, messages: [{ role: "user" as const, content: "hi" }] };
      const answer = client.messages.stream(asked);
      answer.once("streamEvent", () => void passing.upstream.stop());
      await expect(answer.finalMessage()).rejects.toThrow(/api_error.*broke/s);
    });
  });

  test("[30.2:network] of the connection is told in our words", async () => {
    await using passing = await startPassing();
    passing.upstream.respondWith(() => hangUp("reset"));
    const response = await passing.post(hello);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ type: "error", error: { type: "api_error" } });
    expect(await passing.record(0)).toMatchObject({ attempts: 2, phase: "connect" });
  });

  test("[30.2:keys] shows no key of ours that the upstream repeats", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(refusal(401, "authentication_error", "invalid key sk-upstream-key-0123456789"));
    const response = await passing.post(hello);
    expect(await response.json()).toMatchObject({ error: { message: "invalid key …" } });
    expect(passing.logged.join()).not.toContain("sk-upstream-key");
  });
});

describe("thinking", () => {
  const own = { type: "thinking", thinking: "hm", signature: "ccp1.abc" };
  const theirs = { type: "thinking", thinking: "hm", signature: "EqQBCg" };
  const talk = (...blocks: object[]) => ({
    ...hello,
    thinking: { type: "enabled", budget_tokens: 1024 },
    context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
    messages: [
      { role: "user", content: "hi" },
      { role: "assistant", content: [...blocks, { type: "text", text: "yes" }] },
      { role: "user", content: "go on" },
    ],
  });
  const sentOf = ({ rawBody }: { rawBody: Buffer }): unknown => JSON.parse(rawBody.toString());

  test("[30.1:own-thinking] in an envelope of ours is left out, that of the upstream stays", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(message());
    await passing.post(talk(own, theirs));
    expect(sentOf(await passing.upstream.request(0))).toEqual(talk(theirs));
    expect((await passing.record(0)).repairs).toEqual(["1 thinking block left out"]);
  });

  test("[30.3:signature] that the upstream cannot read is left out of a second try", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(
      refusal(400, "invalid_request_error", "messages.1.content.0: Invalid `signature` in `thinking` block"),
    );
    passing.upstream.reply(stream());
    expect((await passing.post({ ...talk(theirs), stream: true })).status).toBe(200);
    expect(sentOf(await passing.upstream.request(1))).toEqual({ ...talk(), stream: true });
    expect(await passing.record(0)).toMatchObject({ attempts: 2, repairs: ["1 thinking block left out"] });
  });

  test("[30.3:expected] that the upstream then misses is switched off", async () => {
    await using passing = await startPassing();
    const missing =
      "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block";
    passing.upstream.reply(refusal(400, "invalid_request_error", missing));
    passing.upstream.reply(message());
    expect((await passing.post(talk(own))).status).toBe(200);
    const { thinking: _, context_management: __, ...rest } = talk();
    expect(sentOf(await passing.upstream.request(1))).toEqual(rest);
  });

  test("is asked for no third time", async () => {
    await using passing = await startPassing();
    const refused = () =>
      refusal(400, "invalid_request_error", "messages.1.content.0: Invalid `signature` in `thinking` block");
    passing.upstream.respondWith(refused);
    expect((await passing.post(talk(theirs))).status).toBe(400);
    expect(passing.upstream.requests).toHaveLength(2);
  });
});

describe("a count", () => {
  test("[30.4:asked] is that of the upstream", async () => {
    await using passing = await startPassing({ model: "other" });
    passing.upstream.reply(message('{"input_tokens":123}'));
    expect(await (await passing.count(hello)).json()).toEqual({ input_tokens: 123 });
    const { path, body } = await passing.upstream.request(0);
    expect(path).toBe("/v1/messages/count_tokens?beta=true");
    expect(body).toEqual({ ...hello, model: "other" });
  });

  test.each([404, 405, 501])(
    "[30.4:own] is ours after %d, and the upstream is not asked again",
    async (code) => {
      await using passing = await startPassing();
      passing.upstream.respondWith(() => status(code, "no such path"));
      for (let times = 0; times < 2; times += 1)
        expect(await (await passing.count(hello)).json()).toEqual({ input_tokens: ownCount });
      expect(passing.upstream.requests).toHaveLength(1);
    },
  );

  test("is asked for again after a model that was missing", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(refusal(404, "not_found_error", "model: claude-x"));
    passing.upstream.reply(message('{"input_tokens":123}'));
    expect(await (await passing.count(hello)).json()).toEqual({ input_tokens: ownCount });
    expect(await (await passing.count(hello)).json()).toEqual({ input_tokens: 123 });
  });

  test("fails as the upstream does", async () => {
    await using passing = await startPassing();
    passing.upstream.reply(refusal(529, "overloaded_error", "Overloaded"));
    const response = await passing.count(hello);
    expect([response.status, await response.text()]).toEqual([
      529,
      errorText("overloaded_error", "Overloaded"),
    ]);
  });
});

describe("limits", () => {
  test("[30.2:backpressure] a client that does not read makes the upstream wait", async () => {
    await using passing = await startPassing();
    const delta = {
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: "x".repeat(60_000) },
    };
    const piece = Buffer.from(event(delta));
    const [start = ""] = messageEvents();
    function* endless() {
      yield Buffer.from(start);
      for (;;) yield piece;
    }
    passing.upstream.reply(sseOf(endless()));
    const gone = new AbortController();
    await passing.post(streamed, { signal: gone.signal });
    const { sentBytes } = await passing.upstream.request(0);
    const sent = await untilStill(sentBytes);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    gone.abort();
  });

  test("an upstream that falls silent is given up, and the client is told", async () => {
    await using passing = await startPassing({ limits: { idleMs: 300 } });
    const begun = messageEvents().slice(0, 4);
    passing.upstream.reply(stream(begun, { end: "stall" }));
    const text = await (await passing.post(streamed)).text();
    expect(text).toStartWith(
      `${begun.join("")}event: error\ndata: {"type":"error","error":{"type":"timeout_error"`,
    );
    expect(await passing.record(0)).toMatchObject({
      errorType: "timeout_error",
      phase: "idle",
      inputTokens: 25,
    });
  });

  test("an upstream that sends no head is given up", async () => {
    await using passing = await startPassing({ limits: { firstByteMs: 50 } });
    passing.upstream.reply(silence());
    expect((await passing.post(hello)).status).toBe(504);
  });

  test("a whole answer that is too long, or no message, is a failure", async () => {
    await using passing = await startPassing({ limits: { wholeBodyBytes: 100 } });
    passing.upstream.reply(message());
    const tooLong = await passing.post(hello);
    expect([tooLong.status, await tooLong.text()]).toEqual([
      502,
      expect.stringContaining("longer than 100 bytes"),
    ]);
    passing.upstream.reply(message("[1]"));
    expect((await passing.post(hello)).status).toBe(502);
    passing.upstream.reply(message('{"id":'));
    expect((await passing.post(hello)).status).toBe(502);
  });

  test("a large request is edited in turns, and keeps its bytes", async () => {
    await using passing = await startPassing({ model: "other" });
    passing.upstream.reply(message());
    const content = '\u2028 "model":"x" '.repeat(60_000);
    const body = JSON.stringify({ ...hello, messages: [{ role: "user", content }] });
    expect((await passing.post(body)).status).toBe(200);
    const { rawBody } = await passing.upstream.request(0);
    expect(rawBody.equals(Buffer.from(body.replace("claude-opus-5-5", "other")))).toBe(true);
  });

  test("a whole message behind a head that was sent early is no stream, and the client is told", async () => {
    await using passing = await startPassing({ pace: { headWithoutUpstreamMs: 30 } });
    passing.upstream.reply({ ...message(), headDelayMs: 200 });
    const text = await (await passing.post(streamed)).text();
    expect(text).toStartWith('event: ping\ndata: {"type":"ping"}\n\nevent: error\n');
  });

  test("a whole message in place of a stream goes out as it is", async () => {
    await using passing = await startPassing({ pace: { pingMs: 20 } });
    passing.upstream.reply(message());
    const response = await passing.post(streamed);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe(wholeMessage);
  });
});
