import { expect, test } from "bun:test";
import type { UpstreamSettings } from "../../../src/config/upstream-settings.ts";
import { message, refusal } from "../../support/anthropic-upstream.ts";
import { createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { findFreePort } from "../../support/find-free-port.ts";
import { hangUp, type Reply, status } from "../../support/reply.ts";
import { hello, readFailure, readObject } from "../../support/start-pair.ts";
import { startTestProxy } from "../../support/start-proxy.ts";
import { startUpstream } from "../../support/upstream.ts";

const bearer = { authorization: "Bearer sk-ant-oat01-canary-7f3a9c2e51d84b60aa17" };
const counted = (tokens: number) => message(JSON.stringify({ input_tokens: tokens }));

/** Two upstreams of Anthropic's own wire, and a third one of Chat Completions, whose requests are counted here. */
async function start(settings: Partial<UpstreamSettings> = {}, targets = ["first/m", "second/m", "third/m"]) {
  const [first, second] = [await startUpstream(), await startUpstream()];
  const file = createFileConfig({
    upstreams: [
      upstreamSettings("first", first.baseUrl, { protocol: "anthropic", ...settings }),
      upstreamSettings("second", second.baseUrl, { protocol: "anthropic" }),
      upstreamSettings("third", `http://127.0.0.1:${await findFreePort()}/v1`),
    ],
    routes: { default: targets },
  });
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { file } });
  const send = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${proxy.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-claude-code-session-id": "s", ...headers },
      body: JSON.stringify(hello),
    });
  return {
    proxy,
    first,
    second,
    count: (headers?: Record<string, string>) => send("/v1/messages/count_tokens", headers),
    ask: (headers?: Record<string, string>) => send("/v1/messages", headers),
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await Promise.all([first.stop(), second.stop()]);
    },
  };
}

test.each<[string, Reply]>([
  ["429", refusal(429, "rate_limit_error", "used up")],
  ["500", refusal(500, "api_error", "broken")],
  ["529", refusal(529, "overloaded_error", "Overloaded")],
  ["403", refusal(403, "permission_error", "no")],
  ["a page", status(200, "<html></html>", { "content-type": "text/html" })],
  ["no answer", hangUp("reset")],
])("where the first target cannot count, the next one does: %s", async (_, reply) => {
  await using started = await start();
  started.first.respondWith(() => reply);
  started.second.respondWith(() => counted(4711));
  const response = await started.count();
  expect([response.status, await readObject(response)]).toEqual([200, { input_tokens: 4711 }]);
  const record = await started.proxy.record(0);
  expect(record).toMatchObject({ upstream: "second", inputTokens: 4711, errorType: null, phase: null });
});

test("it is counted here if a target of Chat Completions is next", async () => {
  await using started = await start({}, ["first/m", "third/m"]);
  started.first.respondWith(() => refusal(500, "api_error", "broken"));
  expect(await readObject(await started.count())).toEqual({ input_tokens: expect.any(Number) });
  expect(await started.proxy.record(0)).toMatchObject({ upstream: "third", protocol: "chat" });
});

test("a request that is at fault is counted nowhere", async () => {
  await using started = await start();
  started.first.respondWith(() => refusal(400, "invalid_request_error", "messages: too odd"));
  const response = await started.count();
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("too odd")]);
  expect(started.second.requests).toEqual([]);
});

test("the failure of the last target is told", async () => {
  await using started = await start({}, ["first/m", "second/m"]);
  for (const upstream of [started.first, started.second])
    upstream.respondWith(() => refusal(429, "rate_limit_error", "used up", { "retry-after": "7" }));
  const response = await started.count();
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
});

test("the client's own credential is told to be missing, and goes nowhere else", async () => {
  await using started = await start({ passesClientKey: true, keys: [] });
  const [code, type] = await readFailure(await started.count());
  expect([code, type, started.second.requests]).toEqual([401, "authentication_error", []]);
  started.first.respondWith(() => refusal(429, "rate_limit_error", "used up"));
  started.second.respondWith(() => counted(5));
  expect((await started.count(bearer)).status).toBe(200);
  expect(
    started.second.requests.map(({ headers }) => headers["x-api-key"] ?? headers["authorization"]),
  ).toEqual(["Bearer sk-second-upstream-key"]);
});

test("a target that is passed over is not asked for a count either", async () => {
  await using started = await start();
  started.first.respondWith(() => refusal(500, "api_error", "broken"));
  started.second.respondWith(({ path }) => (path.includes("count") ? counted(5) : message()));
  for (let times = 0; times < 5; times += 1) {
    const response = await fetch(`${started.proxy.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(hello),
    });
    expect(response.status).toBe(200);
  }
  const before = started.first.requests.length;
  expect(await readObject(await started.count())).toEqual({ input_tokens: 5 });
  expect(started.first.requests).toHaveLength(before);
});

test("a conversation that has moved is counted where it is", async () => {
  await using started = await start();
  started.first.reply(refusal(500, "api_error", "broken"));
  started.second.respondWith(({ path }) => (path.includes("count") ? counted(5) : message()));
  expect((await started.ask()).headers.get("x-claude-proxy-upstream")).toBe("second");
  expect(await readObject(await started.count())).toEqual({ input_tokens: 5 });
  expect(started.first.requests).toHaveLength(1);
});

test("of several keys one that may be used asks for the count", async () => {
  await using started = await start({ keys: ["key-a-0123456789", "key-b-0123456789"] });
  const isA = (headers: object) => JSON.stringify(headers).includes("key-a-");
  started.first.respondWith(({ path, headers }) => {
    if (isA(headers)) return refusal(429, "rate_limit_error", "used up");
    return path.includes("count") ? counted(5) : message();
  });
  // Some of these conversations begin with the first key.
  for (let session = 0; session < 8; session += 1)
    await started.ask({ "x-claude-code-session-id": `session-${session}` });
  const before = started.first.requests.length;
  expect(await readObject(await started.count())).toEqual({ input_tokens: 5 });
  expect(started.first.requests.slice(before).map(({ headers }) => isA(headers))).toEqual([false]);
});
