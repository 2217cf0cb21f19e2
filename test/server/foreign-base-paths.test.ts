import { expect, test } from "bun:test";
import { chunksOf, completionOf } from "../support/chunks.ts";
import { json, sse } from "../support/reply.ts";
import { hello, startPair } from "../support/start-pair.ts";

test("[8:base-url] messages and their counts are served behind any other path, with one warning for each", async () => {
  await using other = await startPair();
  other.upstream.respondWith(({ body }) =>
    Object(body).stream === true ? sse(chunksOf({ text: "hello" })) : json(completionOf({ text: "hello" })),
  );
  const { model, messages } = hello;
  const send = (path: string, body: object = hello) =>
    fetch(`${other.proxy.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  for (const prefix of ["/x", "/some/where", "/v1/v1"]) {
    expect(await (await send(`${prefix}/v1/messages?beta=true`)).json()).toMatchObject({
      type: "message",
      content: [{ type: "text", text: "hello" }],
    });
    expect(await (await send(`${prefix}/v1/messages/`, { ...hello, stream: true })).text()).toContain(
      "hello",
    );
    const counted = await send(`${prefix}/v1/messages/count_tokens`, { model, messages });
    expect(await counted.json()).toHaveProperty("input_tokens");
  }
  expect(other.proxy.complaints).toEqual(
    ["/x", "/some/where", "/v1/v1"].map(
      (prefix) =>
        `the client's base URL ends in ${prefix}: set ANTHROPIC_BASE_URL to ${other.proxy.url} {"path":"${prefix}/v1/messages"}`,
    ),
  );
  const record = await other.proxy.record(0);
  expect(record).toMatchObject({ path: "/x/v1/messages", status: 200, upstreamModel: "medium-model" });
});

test("[8:base-url] a refused key stays one behind any other path, and what else is asked there a 404", async () => {
  await using other = await startPair({ settings: { proxyApiKey: "sk-of-the-proxy" } });
  const url = `${other.proxy.url}/x/v1/messages`;
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(hello),
  };
  expect((await fetch(url, init)).status).toBe(401);
  const headers = { ...init.headers, "x-api-key": "sk-of-the-proxy" };
  for (const [path, method] of [
    ["/x/v1/messages", "GET"],
    ["/x/v1/models", "GET"],
    ["/x/v1/messages/batches", "POST"],
    ["/x/v1/complete", "POST"],
    ["/xv1/messages", "POST"],
    ["/x/v1/messagesx", "POST"],
  ] as const) {
    const answer = await fetch(`${other.proxy.url}${path}`, {
      method,
      headers,
      ...(method === "POST" ? { body: init.body } : {}),
    });
    expect([path, answer.status]).toEqual([path, 404]);
  }
  expect(other.proxy.complaints).toEqual([]);
});

test("[8:base-url] no more than some of such paths are warned of", async () => {
  await using other = await startPair();
  other.upstream.respondWith(() => json(completionOf({ text: "hello" })));
  for (let number = 0; number < 30; number += 1) {
    const path = number === 0 ? `/${"x".repeat(5000)}` : `/x${number}`;
    const answer = await fetch(`${other.proxy.url}${path}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(hello),
    });
    expect(answer.status).toBe(200);
  }
  expect(other.proxy.complaints).toHaveLength(10);
  expect(other.proxy.complaints[0]?.length).toBeLessThan(500);
});
