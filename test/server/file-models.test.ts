import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ModelSettings } from "../../src/config/file-config.ts";
import { noFacts } from "../../src/knowledge/facts.ts";
import { startListServer } from "../knowledge/list-server.ts";
import { completionOf } from "../support/chunks.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { json } from "../support/reply.ts";
import { hello, readFailure, readObject } from "../support/start-pair.ts";
import { startTestProxy, type TestProxy } from "../support/start-proxy.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const settings = (facts: Partial<ModelSettings>): ModelSettings => ({ ...noFacts, like: null, ...facts });

let upstream: Upstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "ok" })));
  const file = createFileConfig({
    upstreams: [
      upstreamSettings("desk", upstream.baseUrl, { models: new Map([["fast", "vendor/long"]]) }),
      upstreamSettings("cloud", upstream.baseUrl),
    ],
    routes: {
      opus: ["cloud/big", "desk/small"],
      "gpt-*": "desk/small",
      mine: "desk/small",
      "claude-special": "cloud/*",
      haiku: "desk/small",
    },
    cases: [{ when: { images: true }, to: "cloud/eye" }],
    models: new Map([
      [
        "cloud/big",
        settings({
          window: 65536,
          maxOutput: 8192,
          images: true,
          reasoning: false,
          name: "Big One",
          price: { input: 0.6, output: 2.2, cacheRead: 0.11, cacheWrite: null },
        }),
      ],
    ]),
    clients: [clientSettings("all"), clientSettings("few", { models: ["desk/*"] })],
  });
  proxy = await startTestProxy(upstream.baseUrl, { settings: { file } });
});

afterAll(async () => {
  await proxy.stop();
  await upstream.stop();
});

const get = (path: string, client = "all") =>
  fetch(`${proxy.url}${path}`, { headers: { authorization: `Bearer ${client}-client-key` } });

async function listIds(query: string, client?: string): Promise<unknown[]> {
  const { data } = await readObject(await get(`/v1/models${query}`, client));
  return Array.isArray(data) ? data.map((model) => objectOf(model)["id"]) : [];
}

test("[8:file-models] tiers, ids, targets and short names are listed, and each again so that Claude Code lists it", async () => {
  expect(await listIds("?limit=1000")).toEqual([
    "claude-opus",
    "claude-haiku",
    "mine",
    "via-claude-proxy/mine",
    "claude-special",
    "cloud/big",
    "via-claude-proxy/cloud/big",
    "desk/small",
    "via-claude-proxy/desk/small",
    "cloud/eye",
    "via-claude-proxy/cloud/eye",
    "desk/fast",
    "via-claude-proxy/desk/fast",
  ]);
  expect(upstream.requests).toEqual([]);
});

test("[8:client-models] a client sees what it may use: where a route goes on to, too", async () => {
  expect(await listIds("?limit=1000", "few")).toEqual([
    "claude-opus",
    "claude-haiku",
    "mine",
    "via-claude-proxy/mine",
    "desk/small",
    "via-claude-proxy/desk/small",
    "desk/fast",
    "via-claude-proxy/desk/fast",
  ]);
});

test("[8:known-models] a model has what is known of it, and null for the rest", async () => {
  const common = {
    type: "model",
    created_at: "1970-01-01T00:00:00Z",
    deprecated_at: null,
    retires_at: null,
    lifecycle: "active",
  };
  expect(await readObject(await get("/v1/models/claude-opus"))).toEqual({
    ...common,
    id: "claude-opus",
    display_name: "Opus (Big One)",
    max_input_tokens: 65536,
    max_tokens: 8192,
    capabilities: { image_input: { supported: true }, thinking: { supported: false } },
    line: "opus",
    price: { input: 0.6, output: 2.2, cache_read: 0.11, cache_write: null },
  });
  expect(await readObject(await get("/v1/models/via-claude-proxy/desk/fast"))).toEqual({
    ...common,
    id: "via-claude-proxy/desk/fast",
    display_name: "desk/vendor/long",
    max_input_tokens: null,
    max_tokens: null,
    capabilities: null,
    line: null,
  });
});

test("names tell the models of several upstreams apart, and show the id of a route", async () => {
  const { data } = await readObject(await get("/v1/models?limit=1000"));
  const names = Object.fromEntries(objectsOf(data).map(({ id, display_name: name }) => [id, name]));
  expect(names).toMatchObject({
    "claude-haiku": "Haiku (desk/small)",
    mine: "mine (desk/small)",
    "via-claude-proxy/mine": "mine (desk/small)",
    "cloud/big": "Big One",
    "cloud/eye": "cloud/eye",
    "desk/fast": "desk/vendor/long",
  });
});

test("pages work as ever, and an id that is not listed is a 404", async () => {
  expect(await listIds("?limit=2&after_id=mine")).toEqual(["via-claude-proxy/mine", "claude-special"]);
  expect(await readFailure(await get("/v1/models/nothing"))).toEqual([
    404,
    "not_found_error",
    "model: nothing",
  ]);
  expect((await get("/v1/models/cloud/big", "few")).status).toBe(404);
});

test("what is listed can be asked for", async () => {
  const asked = await fetch(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": "all-client-key" },
    body: JSON.stringify({ ...hello, model: "via-claude-proxy/desk/fast[1m]" }),
  });
  expect(asked.status).toBe(200);
  expect(objectOf(upstream.requests.at(-1)?.body)["model"]).toBe("vendor/long");
});

describe("an upstream that lists its models", () => {
  const fileOf = (baseUrl: string) =>
    createFileConfig({ upstreams: [upstreamSettings("desk", baseUrl)], routes: { default: "desk/small" } });

  test("is asked for the list, and what it says is in it and limits requests", async () => {
    await using server = startListServer({
      "GET /v1/models": {
        data: [{ id: "small", max_model_len: 4000, max_completion_tokens: 50, owned_by: "vllm" }],
      },
      "POST /v1/chat/completions": completionOf({ text: "ok" }),
    });
    const asking = await startTestProxy(server.baseUrl, {
      settings: { file: fileOf(server.baseUrl) },
      asksForModels: true,
    });
    const read = async () => {
      const { data } = await readObject(await fetch(`${asking.url}/v1/models`));
      const opus = objectOf(Array.isArray(data) ? data[0] : null);
      return [opus["id"], opus["max_input_tokens"], opus["max_tokens"]];
    };
    expect(await read()).toEqual(["claude-fable", 4000, 50]);
    expect(await read()).toEqual(["claude-fable", 4000, 50]);
    const answer = await fetch(`${asking.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...hello, model: "claude-opus-5" }),
    });
    expect(answer.status).toBe(200);
    expect(objectOf(server.requests.at(-1)?.body)["max_tokens"]).toBe(50);
    expect(server.requests.filter(({ method }) => method === "GET")).toHaveLength(1);
    await asking.stop();
  });
});
