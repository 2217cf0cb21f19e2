import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startListServer } from "../knowledge/list-server.ts";
import { completionOf } from "../support/chunks.ts";
import { collectTraces } from "../support/collect-traces.ts";
import { hello, readObject } from "../support/start-pair.ts";
import { startTestProxy, type TestProxy } from "../support/start-proxy.ts";
import { objectsOf } from "../support/strict/json.ts";

/** What is said of each model: window, longest answer, price. */
async function readFacts({ url }: TestProxy): Promise<Record<string, unknown>> {
  const { data } = await readObject(await fetch(`${url}/v1/models`));
  return Object.fromEntries(
    objectsOf(data).map((model) => [
      String(model["id"]),
      [model["display_name"], model["max_input_tokens"], model["max_tokens"], model["price"] ?? null],
    ]),
  );
}

const names = { bigModelName: "vendor/big", mediumModelName: "vendor/big", smallModelName: "small" };

describe("[8:known-models] without a configuration file", () => {
  test("the upstream is asked when the list is, once, and what it says is in it", async () => {
    await using server = startListServer({
      "GET /v1/models": {
        data: [
          {
            id: "vendor/big",
            name: "The Big One",
            context_length: 131_072,
            top_provider: { max_completion_tokens: 16_384 },
            pricing: { prompt: "0.0000006", completion: "0.0000022" },
          },
          { id: "small", context_length: 65_536 },
        ],
      },
      "POST /v1/chat/completions": completionOf({ text: "ok" }),
    });
    const proxy = await startTestProxy(server.baseUrl, { settings: names, asksForModels: true });
    const price = { input: 0.6, output: 2.2, cache_read: null, cache_write: null };
    const post = () =>
      fetch(`${proxy.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(hello),
      });
    expect((await post()).status).toBe(200);
    // Nobody has asked for models yet.
    expect(server.requests.map(({ method }) => method)).toEqual(["POST"]);
    const facts = await readFacts(proxy);
    expect(facts).toEqual({
      "claude-opus": ["Opus (The Big One)", 131_072, 16_384, price],
      "claude-sonnet": ["Sonnet (The Big One)", 131_072, 16_384, price],
      "claude-haiku": ["Haiku (small)", 65_536, null, null],
      "vendor/big": ["vendor/big", 131_072, 16_384, price],
      // An id without a slash leads by its tier: this one to the big model.
      small: ["small", 131_072, 16_384, price],
    });
    expect(await readFacts(proxy)).toEqual(facts);
    expect((await post()).status).toBe(200);
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
    // What is sent is what was sent before.
    const [first, , last] = server.requests;
    expect(last?.body).toEqual(first?.body);
    await proxy.stop();
  });

  test("what a request costs is known once somebody has asked for the models", async () => {
    const perToken = { prompt: "0.0000006", completion: "0.0000022" };
    await using server = startListServer({
      "GET /v1/models": { data: [{ id: "vendor/big", pricing: perToken }] },
      "POST /v1/chat/completions": completionOf({ text: "ok" }),
    });
    const traces = collectTraces();
    const proxy = await startTestProxy(server.baseUrl, {
      settings: names,
      asksForModels: true,
      watching: traces.watching,
    });
    const post = () =>
      fetch(`${proxy.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(hello),
      });
    await post();
    await readFacts(proxy);
    await post();
    const prices = [(await traces.ended(0)).trace.price, (await traces.ended(2)).trace.price];
    expect(prices).toEqual([null, { input: 0.6, output: 2.2, cacheRead: null, cacheWrite: null }]);
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
    await proxy.stop();
  });

  test("the list is kept for a day, also by the next program", async () => {
    await using server = startListServer({
      "GET /v1/models": { data: [{ id: "vendor/big", context_length: 4000 }] },
    });
    const stateFolder = await mkdtemp(join(tmpdir(), "claude-proxy-state-"));
    for (let start = 0; start < 2; start += 1) {
      const proxy = await startTestProxy(server.baseUrl, {
        settings: { ...names, stateFolder },
        asksForModels: true,
      });
      expect((await readFacts(proxy))["claude-opus"]).toEqual(["Opus (vendor/big)", 4000, null, null]);
      await proxy.stop();
    }
    expect(server.requests.length).toBe(1);
    await rm(stateFolder, { recursive: true, force: true });
  });

  test("an upstream that does not answer is not waited for", async () => {
    const release = Promise.withResolvers<Response>();
    await using server = startListServer({ "GET /v1/models": () => release.promise });
    const proxy = await startTestProxy(server.baseUrl, { settings: names, asksForModels: true });
    expect((await readFacts(proxy))["vendor/big"]).toEqual(["vendor/big", null, null, null]);
    release.resolve(Response.json({ data: [{ id: "vendor/big", context_length: 4000 }] }));
    expect((await readFacts(proxy))["vendor/big"]).toEqual(["vendor/big", 4000, null, null]);
    await proxy.stop();
  });

  test("what its refusals taught outweighs its list, and a family's own window is known without it", async () => {
    const refusal = {
      error: {
        message: "This model's maximum context length is 8000 tokens. However, you requested 9000 tokens.",
      },
    };
    await using server = startListServer({
      "GET /v1/models": { data: [{ id: "vendor/big", context_length: 16_000 }] },
      "POST /v1/chat/completions": () => Response.json(refusal, { status: 400 }),
    });
    const proxy = await startTestProxy(server.baseUrl, {
      settings: {
        bigModelName: "vendor/big",
        mediumModelName: "gpt-5-mini",
        smallModelName: "x",
        upstreamProfile: "openai",
      },
      asksForModels: true,
    });
    const refused = await fetch(`${proxy.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...hello, model: "claude-opus-5" }),
    });
    expect(refused.status).toBe(400);
    const facts = await readFacts(proxy);
    expect(facts["claude-opus"]).toEqual(["Opus (vendor/big)", 8000, null, null]);
    expect(facts["claude-sonnet"]).toEqual(["Sonnet (gpt-5-mini)", 272_000, null, null]);
    await proxy.stop();
  });
});
