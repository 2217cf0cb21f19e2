import { afterAll, beforeAll, expect, test } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";

let pair: Pair;

beforeAll(async () => {
  pair = await startPair();
});

afterAll(async () => {
  await pair[Symbol.asyncDispose]();
});

const requestId = /^req_[0-9A-Za-z]{24}$/;
const send = (path: string, init: RequestInit = {}) => fetch(`${pair.proxy.url}${path}`, init);
const sendJson = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

/** Status and body of a failure, whose request id must be the one of the header. */
async function readFailure(response: Response) {
  const body: unknown = await response.json();
  const id = response.headers.get("request-id");
  expect(id).toMatch(requestId);
  expect(body).toHaveProperty("request_id", id);
  expect(response.headers.get("content-type")).toStartWith("application/json");
  return { status: response.status, body };
}

test("[8:root] GET / tells that the proxy runs, and nothing of its set-up", async () => {
  const response = await send("/");
  expect(response.status).toBe(200);
  expect(response.headers.get("request-id")).toMatch(requestId);
  expect(await response.json()).toEqual({
    name: "claude-proxy",
    version: "0.0.0-test",
    status: "ok",
    running_requests: 0,
    started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    uptime_seconds: expect.any(Number),
  });
});

test("GET /status tells whom it asks, how often it was asked, and what failed last, with no key in it", async () => {
  await using proxied = await startPair({ settings: { openaiApiKey: "sk-upstream-canary-0123456789" } });
  const ask = async (): Promise<unknown> => (await fetch(`${proxied.proxy.url}/status`)).json();
  const untouched = {
    upstream: proxied.upstream.baseUrl,
    protocol: "auto (chat, by default)",
    models: { big: "big-model", medium: "medium-model", small: "small-model" },
    requests: 0,
    failures: 0,
    last_failure: null,
    record: null,
  };
  expect(await ask()).toEqual(untouched);
  proxied.upstream.reply(json(completionOf({ text: "hello" })));
  await proxied.post(hello);
  await fetch(`${proxied.proxy.url}/x/sk-upstream-canary-0123456789/messages`);
  expect(await ask()).toEqual({
    ...untouched,
    requests: 2,
    failures: 1,
    last_failure: {
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      status: 404,
      type: "not_found_error",
      message: expect.stringContaining("/x/[redacted]/messages"),
      model: null,
    },
  });
  proxied.upstream.reply(json({ error: { message: "x".repeat(3000) } }, { status: 400 }));
  await proxied.post(hello);
  expect(await ask()).toMatchObject({
    requests: 3,
    failures: 2,
    last_failure: { status: 400, type: "invalid_request_error", model: "medium-model" },
  });
});

test.each(["/health", "/ready", "/api/hello"])("[8:root] GET %s", async (path) => {
  const response = await send(path);
  expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
  expect(response.headers.get("request-id")).toMatch(requestId);
});

test.each(["/", "/health", "/ready", "/api/hello"])("[8:root] HEAD %s", async (path) => {
  const response = await send(path, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
  expect(response.headers.get("request-id")).toMatch(requestId);
});

test("[8:event_logging 8:request-id] telemetry is taken and thrown away", async () => {
  const response = await sendJson("/api/event_logging/batch", { events: [] });
  expect([response.status, await response.text()]).toEqual([204, ""]);
  expect(response.headers.get("request-id")).toMatch(requestId);
});

test.each(["/v1/messages", "/v1/messages/", "/v1/messages?beta=true", "/v1/messages/?beta=true"])(
  "[8:messages 8:request-id] POST %s answers a message",
  async (path) => {
    pair.upstream.reply(json(completionOf({ text: "hello" })));
    const response = await sendJson(path, hello);
    expect(response.status).toBe(200);
    expect(response.headers.get("request-id")).toMatch(requestId);
    const body: unknown = await response.json();
    expect(body).toMatchObject({ type: "message", content: [{ type: "text", text: "hello" }] });
  },
);

test.each(["/v1/messages/count_tokens", "/v1/messages/count_tokens?beta=true", "/v1/messages/count_tokens/"])(
  "[7:answer 8:messages] POST %s counts without the upstream",
  async (path) => {
    const before = pair.upstream.requests.length;
    const response = await sendJson(path, { model: hello.model, messages: hello.messages, tools: [] });
    expect(response.status).toBe(200);
    const body: unknown = await response.json();
    expect(body).toEqual({ input_tokens: expect.any(Number) });
    expect(pair.upstream.requests.length).toBe(before);
  },
);

test.each([
  ["GET", "/v1/messages", "POST"],
  ["PUT", "/v1/messages/count_tokens", "POST"],
  ["POST", "/v1/models", "GET, HEAD"],
  ["DELETE", "/v1/models/claude-opus-5-5", "GET, HEAD"],
  ["POST", "/", "GET, HEAD"],
  ["POST", "/health", "GET, HEAD"],
  ["DELETE", "/api/hello", "GET, HEAD"],
  ["GET", "/api/event_logging/batch", "POST"],
])("[8:405] %s %s is 405", async (method, path, allow) => {
  const response = await send(path, { method, headers: { "content-type": "application/json" } });
  expect(response.headers.get("allow")).toBe(allow);
  expect(await readFailure(response)).toEqual({
    status: 405,
    body: {
      type: "error",
      error: { type: "invalid_request_error", message: `method: ${path} takes ${allow} only` },
      request_id: expect.stringMatching(requestId),
    },
  });
});

test.each([
  ["/nothing", "does not exist"],
  ["/v1/nothing", "does not exist"],
  ["/api/nothing", "does not exist"],
  ["/v1/messages/batches", "is not implemented by this proxy"],
  ["/v1/messages/batches/b_1/results", "is not implemented by this proxy"],
  ["/v1/files", "is not implemented by this proxy"],
  ["/v1/skills", "is not implemented by this proxy"],
  ["/v1/complete", "is not implemented by this proxy"],
  ["/v1/organizations/me", "is not implemented by this proxy"],
])("[8:not-here 8:api] %s is 404", async (path, reason) => {
  const expected = {
    status: 404,
    body: {
      type: "error",
      error: { type: "not_found_error", message: `${path} ${reason}` },
      request_id: expect.stringMatching(requestId),
    },
  };
  expect(await readFailure(await send(path))).toEqual(expected);
  expect(await readFailure(await sendJson(path, {}))).toEqual(expected);
});

test("[8:options] OPTIONS says what a path takes, without a CORS header", async () => {
  const response = await send("/v1/messages", { method: "OPTIONS" });
  expect([response.status, response.headers.get("allow")]).toEqual([204, "POST"]);
  expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
});

test("[3.1:model] the answer names the model the client asked for", async () => {
  pair.upstream.reply(json(completionOf({ text: "hello" })));
  const before = pair.upstream.requests.length;
  const response = await sendJson("/v1/messages", hello);
  expect(await response.json()).toHaveProperty("model", "claude-sonnet-5-5");
  expect(pair.upstream.requests[before]?.body).toHaveProperty("model", "medium-model");
});

test("[8.1] every request leaves one record", async () => {
  const before = pair.proxy.records.length;
  await (await send("/v1/nothing?key=secret")).text();
  const record = await pair.proxy.record(before);
  expect(record).toMatchObject({
    method: "GET",
    path: "/v1/nothing",
    status: 404,
    errorType: "not_found_error",
  });
});

test.each(["/v1", "/v1/messages", "/api", "/anthropic"])(
  "[8:base-url] a base URL that ends in %s is served, with one warning",
  async (wrongPath) => {
    await using other = await startPair();
    other.upstream.respondWith(() => json(completionOf({ text: "hello" })));
    const base = `${other.proxy.url}${wrongPath}`;
    const post = (path: string, body: object) =>
      fetch(`${base}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const message: unknown = await (await post("/v1/messages?beta=true", hello)).json();
    expect(message).toMatchObject({ type: "message", content: [{ type: "text", text: "hello" }] });
    const { model, messages } = hello;
    const statuses = [
      await post("/v1/messages/count_tokens", { model, messages }),
      await fetch(`${base}/v1/models?limit=1000`),
      await fetch(`${base}/v1/models/claude-haiku`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
    expect(other.proxy.complaints).toEqual([
      `the client's base URL ends in ${wrongPath}: set ANTHROPIC_BASE_URL to ${other.proxy.url} {"path":"${wrongPath}/v1/messages"}`,
    ]);
  },
);

test.each(["/v1/messages/batches", "/v1/nothing"])(
  "[5.5:own] to Claude Code, too, %s is a 404",
  async (path) => {
    const agent = { "user-agent": "claude-cli/2.1.332 (external, cli)" };
    expect((await readFailure(await sendJson(path, hello, agent))).status).toBe(404);
  },
);
