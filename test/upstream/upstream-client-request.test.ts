import { describe, expect, test } from "bun:test";
import type { StepRunner } from "../../src/turns/run-steps.ts";
import { createSendBudget } from "../../src/upstream/send-budget.ts";
import type { CallTraits, UpstreamClientOptions } from "../../src/upstream/upstream-client.ts";
import { json } from "../support/reply.ts";
import { startUpstream } from "../support/upstream.ts";
import { chatCall, chatRequest, clientKey, clientOf, plainTraits } from "./client-of.ts";

/** What the upstream hears of a chat request. */
async function heard(
  call: {
    chatRequest?: { stream?: boolean; messages?: unknown[]; tools?: unknown[] };
    traits?: Partial<CallTraits>;
    runStep?: StepRunner;
    key?: string | null;
  } = {},
  { path = "", ...options }: Partial<UpstreamClientOptions> & { path?: string } = {},
) {
  const body = { ...chatRequest, ...call.chatRequest };
  const upstream = await startUpstream();
  try {
    upstream.reply(json({ choices: [] }));
    const client = clientOf(`${upstream.baseUrl}${path}`, options);
    await client.send({
      ...chatCall,
      body,
      key: call.key === undefined ? clientKey : call.key,
      isStreamed: body.stream === true,
      traits: { ...plainTraits, ...call.traits },
      runStep: call.runStep ?? null,
      budget: createSendBudget(),
      controller: new AbortController(),
    });
    const request = await upstream.request(0);
    const { host: _host, ...headers } = request.headers;
    return { method: request.method, path: request.path, headers, body: request.rawBody.toString("utf8") };
  } finally {
    await upstream.stop();
  }
}

const body = '{"model":"m","messages":[{"role":"user","content":"hé"}]}';
const headers = {
  accept: "application/json",
  "accept-encoding": "gzip, deflate, br, zstd",
  authorization: "Bearer canary-key-0123456789",
  connection: "keep-alive",
  "content-length": "58",
  "content-type": "application/json",
  "user-agent": "claude-proxy/9.8.7",
};

describe("a chat request on the wire", () => {
  test("[1.1:headers 0.13:own-headers] goes to chat/completions with our own headers and no others", async () => {
    expect(await heard()).toEqual({ method: "POST", path: "/v1/chat/completions", headers, body });
  });

  test("a streamed one accepts a stream", async () => {
    const request = await heard({ chatRequest: { stream: true } });
    expect(request.headers["accept"]).toBe("text/event-stream, application/json");
  });

  test("[1.1:attribution] is attributed where the profile says so", async () => {
    expect((await heard({ traits: { sendsAttribution: true } })).headers).toEqual({
      ...headers,
      "http-referer": "https://referer.test",
      "x-title": "App",
    });
  });

  test.each([
    ["at once", {}],
    ["in steps", { runStep: (async (step) => step()) satisfies StepRunner }],
  ])("[2.2:surrogates] holds no half of a character, written %s", async (_, way) => {
    const half = "a\ud83d";
    const request = await heard({
      ...way,
      chatRequest: {
        messages: [{ role: "user", content: [{ type: "text", text: half }, { text: "\ude00 😀 \\ud83d" }] }],
        tools: [{ function: { name: half, parameters: { [half]: [half] } } }],
      },
    });
    expect(request.body).toBe(
      JSON.stringify({
        model: "m",
        messages: [{ role: "user", content: [{ type: "text", text: "a?" }, { text: "? 😀 \\ud83d" }] }],
        tools: [{ function: { name: "a?", parameters: { "a?": ["a?"] } } }],
      }).replaceAll("?", "\\ufffd"),
    );
  });

  test.each(["bearer", "api-key"] as const)("has no key where there is none: %s", async (keyHeader) => {
    const { authorization: _key, ...others } = headers;
    expect((await heard({ traits: { keyHeader }, key: null })).headers).toEqual(others);
  });

  test("has the headers of this upstream, over ours", async () => {
    const sent = await heard({}, { headers: { "user-agent": "mine", "x-team": "a" } });
    expect(sent.headers).toEqual({ ...headers, "user-agent": "mine", "x-team": "a" });
  });

  test("has the fields of this upstream at its top level, and lacks those that are null", async () => {
    const sent = await heard({}, { body: { model: null, seed: 7, messages: [] } });
    expect(sent.body).toBe('{"messages":[],"seed":7}');
  });

  test("[20.4:key] carries the key in the header that the profile names, and in no other", async () => {
    const { authorization: _key, ...others } = headers;
    const sent = await heard({ traits: { keyHeader: "api-key" } });
    expect(sent.headers).toEqual({ ...others, "api-key": "canary-key-0123456789" });
  });

  test.each([
    ["/", "/v1/chat/completions"],
    ["/deployments/d?api-version=2", "/v1/deployments/d/chat/completions?api-version=2"],
  ])("a base URL that ends in %s is kept", async (path, expected) => {
    expect((await heard({}, { path })).path).toBe(expected);
  });
});
