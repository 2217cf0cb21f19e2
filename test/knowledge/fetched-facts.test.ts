import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noFacts } from "../../src/knowledge/facts.ts";
import { createFetchedFacts, type FetchedFactsOptions } from "../../src/knowledge/fetched-facts.ts";
import { upstreamSettings } from "../support/file-config.ts";
import { startListServer } from "./list-server.ts";

const dayMs = 24 * 60 * 60_000;
let folder: string;
let filePath: string;
let warnings: string[];
let nowMs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "facts-"));
  filePath = join(folder, "state", "model-facts.json");
  warnings = [];
  nowMs = Date.parse("2026-11-29T10:00:00Z");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (options: Partial<FetchedFactsOptions> = {}) =>
  createFetchedFacts({
    filePath,
    warn: (message) => warnings.push(message),
    now: () => nowMs,
    mayAsk: true,
    ...options,
  });

const vllm = (window: number) => ({
  object: "list",
  data: [{ id: "glm", object: "model", owned_by: "vllm", max_model_len: window }],
});

test("nothing waits: the first answer is that nothing is known, a later one is what the upstream says", async () => {
  await using server = startListServer({ "GET /v1/models": vllm(32768) });
  const facts = create();
  const upstream = upstreamSettings("desk", server.baseUrl, { headers: { "x-team": "a" } });
  expect(facts.of(upstream, "glm")).toBe(noFacts);
  expect(facts.of(upstream, "glm")).toBe(noFacts);
  await facts.settled();
  expect(facts.of(upstream, "glm")).toEqual({ ...noFacts, window: 32768 });
  expect(facts.of(upstream, "glm")).toBe(facts.of(upstream, "glm"));
  expect(facts.of(upstream, "other")).toBe(noFacts);
  await facts.settled();
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({
    path: "/v1/models",
    headers: { authorization: `Bearer ${upstream.keys[0]}`, "x-team": "a" },
  });
});

test("it is kept for a day, also by the next program, and asked anew then", async () => {
  let window = 1000;
  await using server = startListServer({ "GET /v1/models": () => Response.json(vllm(window)) });
  const upstream = upstreamSettings("desk", server.baseUrl);
  const first = create();
  first.of(upstream, "glm");
  await first.settled();
  expect(readFileSync(filePath, "utf8")).toBe(
    `${JSON.stringify({
      version: 1,
      upstreams: { [server.address]: { at: "2026-11-29T10:00:00.000Z", models: { glm: { window: 1000 } } } },
    })}\n`,
  );
  window = 2000;
  nowMs += dayMs - 1;
  const next = create();
  next.of(upstream, "glm");
  await next.settled();
  expect(next.of(upstream, "glm").window).toBe(1000);
  expect(server.requests).toHaveLength(1);
  nowMs += 1;
  expect(next.of(upstream, "glm").window).toBe(1000);
  await next.settled();
  expect(next.of(upstream, "glm").window).toBe(2000);
  expect(server.requests).toHaveLength(2);
  expect(warnings).toEqual([]);
});

test("a failure is remembered for an hour, and what was known stays", async () => {
  let isDown = false;
  await using server = startListServer({
    "GET /v1/models": () => (isDown ? new Response("no", { status: 500 }) : Response.json(vllm(1000))),
  });
  const upstream = upstreamSettings("desk", server.baseUrl);
  const facts = create({ filePath: null });
  const ask = async () => {
    facts.of(upstream, "glm");
    await facts.settled();
    return [facts.of(upstream, "glm").window, server.requests.length];
  };
  expect(await ask()).toEqual([1000, 1]);
  isDown = true;
  nowMs += dayMs;
  expect(await ask()).toEqual([1000, 2]);
  nowMs += 3_600_000 - 1;
  expect(await ask()).toEqual([1000, 2]);
  nowMs += 1;
  isDown = false;
  expect(await ask()).toEqual([1000, 3]);
});

test("who may not ask knows what is kept, and asks nobody", async () => {
  await using server = startListServer({ "GET /v1/models": vllm(1000) });
  const upstream = upstreamSettings("desk", server.baseUrl);
  const first = create();
  first.of(upstream, "glm");
  await first.settled();
  nowMs += 2 * dayMs;
  const offline = create({ mayAsk: false });
  offline.of(upstream, "glm");
  await offline.settled();
  expect(offline.of(upstream, "glm").window).toBe(1000);
  expect(server.requests).toHaveLength(1);
});

test("what is known can be looked at, however old it is, and nobody is asked for it", async () => {
  await using server = startListServer({ "GET /v1/models": vllm(32768) });
  const facts = create();
  const upstream = upstreamSettings("desk", server.baseUrl);
  expect(facts.knownOf(upstream, "glm")).toBe(noFacts);
  await facts.settled();
  expect(server.requests).toEqual([]);
  facts.of(upstream, "glm");
  await facts.settled();
  nowMs += 2 * dayMs;
  expect(facts.knownOf(upstream, "glm")).toEqual({ ...noFacts, window: 32768 });
  await facts.settled();
  expect(server.requests).toHaveLength(1);
});

test("an upstream that knows only the keys of clients is not asked", async () => {
  await using server = startListServer({ "GET /v1/models": vllm(1000) });
  const facts = create();
  const upstream = upstreamSettings("own", server.baseUrl, {
    protocol: "anthropic",
    passesClientKey: true,
    keys: [],
  });
  facts.of(upstream, "glm");
  await facts.settled();
  expect(server.requests).toEqual([]);
});

describe("each server is asked in its own way", () => {
  test("Ollama: its tags, what is loaded, and each model", async () => {
    await using server = startListServer({
      "GET /api/tags": { models: [{ name: "a:latest", model: "a:latest" }, { model: "b:7b" }] },
      "GET /api/ps": { models: [{ model: "b:7b", context_length: 8192 }] },
      "POST /api/show": ({ body }) =>
        Response.json({
          model_info: { "qwen3.context_length": 40960 },
          capabilities: ["tools"],
          asked: body,
        }),
    });
    const facts = create();
    const upstream = upstreamSettings("desk", server.baseUrl, { profile: "ollama", keys: [] });
    facts.of(upstream, "a");
    await facts.settled();
    const known = { ...noFacts, images: false, tools: true, reasoning: false };
    expect(facts.of(upstream, "a")).toEqual({ ...known, window: 40960 });
    expect(facts.of(upstream, "b:7b")).toEqual({ ...known, window: 8192 });
    expect(server.requests.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
      { model: "a:latest" },
      { model: "b:7b" },
    ]);
    expect(server.requests.every(({ headers }) => headers["authorization"] === undefined)).toBe(true);
  });

  test("LM Studio: its own list, or else the common one", async () => {
    const data = [{ id: "m", type: "llm", loaded_context_length: 4096, max_context_length: 131072 }];
    await using own = startListServer({ "GET /api/v0/models": { data } });
    await using common = startListServer({ "GET /v1/models": { data: [{ id: "m" }] } });
    const facts = create();
    const [first, second] = [own, common].map(({ baseUrl }) => {
      return upstreamSettings("lm", baseUrl, { profile: "lmstudio" });
    });
    if (first === undefined || second === undefined) throw new Error("two servers");
    for (const upstream of [first, second]) facts.of(upstream, "m");
    await facts.settled();
    expect(facts.of(first, "m")).toEqual({ ...noFacts, window: 4096, images: false });
    expect(facts.of(second, "m")).toEqual(noFacts);
    expect(common.requests.map(({ path }) => path)).toEqual(["/api/v0/models", "/v1/models"]);
  });

  test("llama.cpp: its properties, which hold whatever the model is called", async () => {
    await using server = startListServer({
      "GET /props": { default_generation_settings: { n_ctx: 4096 }, modalities: { vision: true } },
    });
    const facts = create();
    const upstream = upstreamSettings("cpp", server.baseUrl, { profile: "llamacpp" });
    facts.of(upstream, "anything");
    await facts.settled();
    expect(facts.of(upstream, "else")).toEqual({ ...noFacts, window: 4096, images: true });
    const next = create();
    next.of(upstream, "x");
    await next.settled();
    expect(next.of(upstream, "x").window).toBe(4096);
  });

  test("a private server without a name is known by the owner of its models", async () => {
    await using server = startListServer({
      "GET /v1/models": { data: [{ id: "x.gguf", owned_by: "llamacpp" }] },
      "GET /props": { default_generation_settings: { n_ctx: 2048 } },
    });
    const facts = create();
    const upstream = upstreamSettings("local", server.baseUrl, { profile: "auto" });
    facts.of(upstream, "x");
    await facts.settled();
    expect(facts.of(upstream, "x").window).toBe(2048);
  });

  test("Anthropic: with its own header, and a whole page", async () => {
    await using server = startListServer({
      "GET /v1/models": { data: [{ id: "claude-opus-5", max_input_tokens: 200000, max_tokens: 64000 }] },
    });
    const facts = create();
    const upstream = upstreamSettings("a", server.baseUrl, {
      protocol: "anthropic",
      keys: ["sk-ant-1", "sk-ant-2"],
    });
    facts.of(upstream, "claude-opus-5");
    await facts.settled();
    expect(facts.of(upstream, "claude-opus-5")).toMatchObject({ window: 200000, maxOutput: 64000 });
    expect(server.requests[0]).toMatchObject({
      path: "/v1/models?limit=1000",
      headers: { "x-api-key": "sk-ant-1", "anthropic-version": "2023-06-01" },
    });
  });

  test("a variant of OpenRouter is the model it is one of; the address keeps its query", async () => {
    await using server = startListServer({
      "GET /v1/models": { data: [{ id: "z-ai/glm", context_length: 9000 }] },
    });
    const facts = create();
    const upstream = upstreamSettings("or", `${server.baseUrl}?api-version=1`, { profile: "openrouter" });
    facts.of(upstream, "z-ai/glm:nitro");
    await facts.settled();
    expect(facts.of(upstream, "z-ai/glm:nitro").window).toBe(9000);
    expect(server.requests[0]?.path).toBe("/v1/models?api-version=1");
  });
});

describe("a list that is none or hostile leaves everything unknown", () => {
  test.each([
    ["garbage", () => new Response("<html>")],
    ["an error", () => new Response("{}", { status: 401 })],
    ["no list", () => Response.json({ object: "list" })],
    ["nesting", () => new Response("[".repeat(1e6))],
    ["more than fits", () => new Response(`{"data":[${" ".repeat(9 * 1024 * 1024)}]}`)],
  ])("%s", async (_, answer) => {
    await using server = startListServer({ "GET /v1/models": answer });
    const facts = create();
    const upstream = upstreamSettings("bad", server.baseUrl);
    facts.of(upstream, "m");
    await facts.settled();
    expect(facts.of(upstream, "m")).toBe(noFacts);
    expect(warnings).toEqual([]);
  });

  test("a redirect is not followed: no key goes to another host", async () => {
    await using other = startListServer({ "GET /v1/models": vllm(1) });
    await using server = startListServer({
      "GET /v1/models": () => Response.redirect(`${other.baseUrl}/models`, 307),
    });
    const facts = create();
    facts.of(upstreamSettings("bad", server.baseUrl), "m");
    await facts.settled();
    expect([server.requests.length, other.requests.length]).toEqual([1, 0]);
  });

  test("no server at all", async () => {
    const facts = create();
    facts.of(upstreamSettings("dead", "http://127.0.0.1:9/v1"), "m");
    await facts.settled();
    expect(facts.of(upstreamSettings("dead", "http://127.0.0.1:9/v1"), "m")).toBe(noFacts);
  });

  test("closing ends a request that hangs", async () => {
    const asked = Promise.withResolvers<void>();
    await using server = startListServer({
      "GET /v1/models": () => {
        asked.resolve();
        return new Promise<Response>(() => {});
      },
    });
    const facts = create();
    facts.of(upstreamSettings("slow", server.baseUrl), "m");
    await asked.promise;
    facts.close();
    await facts.settled();
    expect(facts.of(upstreamSettings("slow", server.baseUrl), "m")).toBe(noFacts);
    await facts.settled();
    expect(server.requests).toHaveLength(1);
  });
});

test("a kept file of garbage is said once and set aside; entries that are none are left out", async () => {
  await using server = startListServer({ "GET /v1/models": vllm(1000) });
  const upstream = upstreamSettings("desk", server.baseUrl);
  const first = create();
  first.of(upstream, "glm");
  await first.settled();
  writeFileSync(filePath, "garbage");
  const second = create();
  second.of(upstream, "glm");
  await second.settled();
  expect(second.of(upstream, "glm").window).toBe(1000);
  expect(warnings).toHaveLength(1);
  expect(readFileSync(`${filePath}.unreadable`, "utf8")).toBe("garbage");
  const at = "2026-11-29T10:00:00Z";
  const models = { glm: { window: -7, images: "yes", name: 7, price: { input: "x" } }, "": {}, other: 7 };
  const upstreams = { [server.address]: { at, models }, x: 7, y: { at: "then", models: {} }, z: { at } };
  writeFileSync(filePath, JSON.stringify({ version: 1, upstreams }));
  const third = create();
  third.of(upstream, "glm");
  await third.settled();
  expect(third.of(upstream, "glm")).toEqual(noFacts);
  expect(server.requests).toHaveLength(2);
});

test("two programs keep each other's lists", async () => {
  await using one = startListServer({ "GET /v1/models": vllm(1) });
  await using other = startListServer({ "GET /v1/models": vllm(2) });
  const all = [one, other].map(({ baseUrl }) => upstreamSettings("desk", baseUrl));
  const programs = all.map((upstream) => {
    const facts = create();
    facts.of(upstream, "glm");
    return facts;
  });
  await Promise.all(programs.map((facts) => facts.settled()));
  expect(Object.keys(JSON.parse(readFileSync(filePath, "utf8")).upstreams).sort()).toEqual(
    [one.address, other.address].sort(),
  );
});
