import { expect, test } from "bun:test";
import type { NowAnswer } from "../../../src/dashboard/dashboard-api.ts";
import { openSession } from "../../support/dashboard-session.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { hello, startPair } from "../../support/start-pair.ts";
import { heldReply } from "./held-reply.ts";

const named = {
  fileOf: (baseUrl: string) =>
    createFileConfig({
      upstreams: [upstreamSettings("desk", baseUrl)],
      routes: { default: "desk/big-model" },
      clients: [clientSettings("web-team"), clientSettings("night-batch")],
    }),
};

async function askNow(url: string, cookie = ""): Promise<NowAnswer> {
  const response = await fetch(`${url}/dashboard/api/now`, { headers: { cookie } });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
  return JSON.parse(await response.text());
}

test("with RECORD=off the page is told so, and what runs", async () => {
  await using pair = await startPair();
  const { url } = pair.proxy;
  const startMs = Date.now();
  const idle = await askNow(url);
  expect(idle).toEqual({
    version: "0.0.0-test",
    nowMs: expect.any(Number),
    record: null,
    recordBodies: "errors",
    running: [],
    budgets: [],
  });
  expect(idle.nowMs).toBeGreaterThanOrEqual(startMs);
  const held = heldReply();
  pair.upstream.reply(held.reply());
  const answer = pair.post({ ...hello, stream: true });
  await pair.upstream.request(0);
  const before = await askNow(url);
  expect(before.running).toEqual([
    {
      requestId: expect.stringMatching(/^req_\w{24}$/),
      client: null,
      sessionId: null,
      agentType: null,
      kind: before.running[0]?.kind ?? null,
      clientModel: hello.model,
      upstream: before.running[0]?.upstream ?? null,
      model: "medium-model",
      elapsedMs: expect.any(Number),
      firstByteMs: null,
      answerBytes: 0,
    },
  ]);
  held.begin();
  const reader = (await answer).body?.getReader();
  await reader?.read();
  const [after] = (await askNow(url)).running;
  expect(after?.requestId).toBe(before.running[0]?.requestId ?? "none");
  expect(after?.firstByteMs).toBeGreaterThan(0);
  held.end();
  while ((await reader?.read())?.done === false);
  expect((await askNow(url)).running).toEqual([]);
});

test("a client sees what runs for it alone, PROXY_API_KEY what runs for all", async () => {
  await using pair = await startPair({ ...named, settings: { proxyApiKey: "canary-key-0123456789" } });
  const { url } = pair.proxy;
  const held = heldReply();
  pair.upstream.respondWith(() => held.reply());
  const answers = ["web-team", "night-batch"].map((name) =>
    pair.post({ ...hello, stream: true }, { headers: { "x-api-key": `${name}-client-key` } }),
  );
  await pair.upstream.request(1);
  const clientsOf = async (key: string) =>
    (await askNow(url, await openSession(url, key))).running.map(({ client }) => client);
  expect(await clientsOf("web-team-client-key")).toEqual(["web-team"]);
  expect(await clientsOf("night-batch-client-key")).toEqual(["night-batch"]);
  expect((await clientsOf("canary-key-0123456789")).toSorted()).toEqual(["night-batch", "web-team"]);
  held.begin();
  held.end();
  for (const answer of answers) await (await answer).text();
});

test("a client with admin sees what runs for all", async () => {
  const fileOf = (baseUrl: string) =>
    createFileConfig({
      upstreams: [upstreamSettings("desk", baseUrl)],
      routes: { default: "desk/big-model" },
      clients: [clientSettings("ops", { admin: true }), clientSettings("web-team")],
    });
  await using pair = await startPair({ fileOf });
  const { url } = pair.proxy;
  const held = heldReply();
  pair.upstream.reply(held.reply());
  const answer = pair.post({ ...hello, stream: true }, { headers: { "x-api-key": "web-team-client-key" } });
  await pair.upstream.request(0);
  const { running } = await askNow(url, await openSession(url, "ops-client-key"));
  expect(running.map(({ client }) => client)).toEqual(["web-team"]);
  held.begin();
  held.end();
  await (await answer).text();
});

test("a client of the file whose name is default sees its own alone", async () => {
  const fileOf = (baseUrl: string) =>
    createFileConfig({
      upstreams: [upstreamSettings("desk", baseUrl)],
      routes: { default: "desk/big-model" },
      clients: [clientSettings("default"), clientSettings("night-batch")],
    });
  await using pair = await startPair({ fileOf });
  const { url } = pair.proxy;
  const held = heldReply();
  pair.upstream.reply(held.reply());
  const answer = pair.post(
    { ...hello, stream: true },
    { headers: { "x-api-key": "night-batch-client-key" } },
  );
  await pair.upstream.request(0);
  expect((await askNow(url, await openSession(url, "default-client-key"))).running).toEqual([]);
  expect((await askNow(url, await openSession(url, "night-batch-client-key"))).running).toHaveLength(1);
  held.begin();
  held.end();
  await (await answer).text();
});
