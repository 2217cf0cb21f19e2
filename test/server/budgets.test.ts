import { afterEach, expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import type { FileConfig } from "../../src/config/file-config.ts";
import { chunk, completionOf, stopChunk } from "../support/chunks.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { json, sse } from "../support/reply.ts";
import { hello, type Pair, readBytes, readFailure, readObject, startPair } from "../support/start-pair.ts";

let pair: Pair | null = null;

afterEach(async () => {
  await pair?.[Symbol.asyncDispose]();
  pair = null;
});

/** A proxy with caps, whose upstream says that each answer cost this much. */
async function start(
  costUsd: number | null,
  settings: Partial<Config>,
  fileOf?: (baseUrl: string) => FileConfig,
): Promise<Pair> {
  pair = await startPair({
    settings: { record: "on", ...settings },
    ...(fileOf === undefined ? {} : { fileOf }),
  });
  const usage = { prompt_tokens: 100, completion_tokens: 10, ...(costUsd === null ? {} : { cost: costUsd }) };
  pair.upstream.respondWith(() => json(completionOf({ text: "hello", usage })));
  return pair;
}

test("a spent cap of the day is a 429 that the client shows at once; counts are free", async () => {
  const one = await start(0.6, { budgetUsdPerDay: 1 });
  expect((await one.post(hello)).status).toBe(200);
  await one.proxy.record(0);
  expect((await one.post(hello)).status).toBe(200);
  await one.proxy.record(1);
  const refused = await one.post(hello);
  const wait = Number(refused.headers.get("retry-after"));
  expect([refused.headers.get("x-should-retry"), wait > 0, wait <= 90_000]).toEqual(["false", true, true]);
  const [status, type, message] = await readFailure(refused);
  expect([status, type]).toEqual([429, "billing_error"]);
  expect(message).toMatch(
    /^claude-proxy: Today's limit of \$1 for everybody is reached: \$1\.20 spent\. Requests are accepted again from \d{4}-\d\d-\d\d \d\d:\d\d, or when you raise BUDGET_USD_PER_DAY\.$/,
  );
  expect(one.upstream.requests).toHaveLength(2);
  expect((await one.count()).status).toBe(200);
  const warned = one.proxy.complaints.filter((text) => text.includes("of a budget is spent"));
  expect(warned).toEqual([
    expect.stringMatching(
      /^120 % of a budget is spent: \$1\.20 of \$1 \(BUDGET_USD_PER_DAY\) \{"budget":"day of everybody"/,
    ),
  ]);
  expect((await one.proxy.record(2)).errorType).toBe("billing_error");
});

test("running answers finish", async () => {
  const one = await start(5, { budgetUsdPerDay: 1 });
  const paced = sse([chunk({ content: "slow" }), chunk({ content: " but whole" }), stopChunk], {
    paceMs: 100,
  });
  one.upstream.reply(paced);
  const running = await one.post({ ...hello, stream: true });
  expect((await one.post(hello)).status).toBe(200);
  await one.proxy.record(0);
  expect((await one.post(hello)).status).toBe(429);
  expect(Buffer.from(await readBytes(running)).toString()).toContain("message_stop");
});

test("a session has a cap of its own, by the header or the body", async () => {
  const one = await start(2, { budgetUsdPerSession: 1 });
  const of = (id: string) => ({ headers: { "x-claude-code-session-id": id } });
  expect((await one.post(hello, of("a"))).status).toBe(200);
  await one.proxy.record(0);
  const refused = await one.post(hello, of("a"));
  expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("x-should-retry")]).toEqual(
    [429, null, "false"],
  );
  expect((await one.post(hello, of("b"))).status).toBe(200);
  expect((await one.post(hello)).status).toBe(200);
});

const oneUpstream = (baseUrl: string) =>
  createFileConfig({ upstreams: [upstreamSettings("desk", baseUrl)], routes: { default: "desk/big-model" } });

for (const [name, fileOf] of [
  ["without a file", undefined],
  ["with a file", oneUpstream],
] as const) {
  test(`a request over a cap is recorded with what it was, ${name}`, async () => {
    const one = await start(2, { budgetUsdPerSession: 1 }, fileOf);
    const headers = { "x-claude-code-session-id": "a", "x-claude-code-agent-id": "helper" };
    await one.post(hello, { headers });
    await one.proxy.record(0);
    await one.post(hello, { headers });
    expect(await one.proxy.record(1)).toMatchObject({
      errorType: "billing_error",
      sessionId: "a",
      clientModel: hello.model,
      stream: false,
    });
  });
}

test("a client that goes away has spent what it was sent", async () => {
  const one = await start(null, {
    budgetUsdPerDay: 1,
    budgetUnknownPrice: { input: 1_000_000, output: 1_000_000 },
  });
  one.upstream.reply(
    sse([chunk({ content: "some words" }), chunk({ content: "more" })], { done: false, end: "stall" }),
  );
  const gone = new AbortController();
  const response = await one.post({ ...hello, stream: true }, { signal: gone.signal });
  await response.body?.getReader().read();
  gone.abort();
  expect((await one.proxy.record(0)).status).toBe(499);
  expect((await one.post(hello)).status).toBe(429);
});

function fileWith(baseUrl: string, priced: boolean): FileConfig {
  const price = { input: 1, output: 2, cacheRead: null, cacheWrite: null };
  const facts = { window: null, maxOutput: null, images: null, pdf: null, tools: null, reasoning: null };
  return createFileConfig({
    upstreams: [upstreamSettings("desk", baseUrl)],
    clients: [clientSettings("ci", { usdPerDay: 1 }), clientSettings("web")],
    routes: { default: "desk/big-model" },
    models: new Map(priced ? [["desk/big-model", { ...facts, name: null, like: null, price }]] : []),
  });
}

test("a model without a known price is refused before it is asked, where that is set", async () => {
  const one = await start(1, { budgetUnknownPrice: null }, (baseUrl) => fileWith(baseUrl, false));
  const as = (name: string) => ({ headers: { "x-api-key": `${name}-client-key` } });
  const refused = await one.post(hello, as("ci"));
  expect(refused.headers.get("x-should-retry")).toBe("false");
  expect(await readFailure(refused)).toEqual([
    400,
    "billing_error",
    'claude-proxy: the price of desk/big-model is not known, and BUDGET_UNKNOWN_PRICE=refuse. Set models."desk/big-model".price in the configuration file, or let it count at a price of your choice: BUDGET_UNKNOWN_PRICE=5/25.',
  ]);
  expect(one.upstream.requests).toHaveLength(0);
  expect((await one.post(hello, as("web"))).status).toBe(200);
  await one.proxy.reconfigure({ budgetUnknownPrice: null, file: fileWith(one.upstream.baseUrl, true) });
  expect((await one.post(hello, as("ci"))).status).toBe(200);
});

test("without a file only a family that tells no cost is refused", async () => {
  const one = await start(1, { budgetUsdPerDay: 9, budgetUnknownPrice: null });
  const [status, type, message] = await readFailure(await one.post(hello));
  expect([status, type]).toEqual([400, "billing_error"]);
  expect(message).toStartWith(
    "claude-proxy: the price of medium-model is not known, and BUDGET_UNKNOWN_PRICE=refuse.",
  );
  await one.proxy.stop();
  const other = await start(1, {
    budgetUsdPerDay: 9,
    budgetUnknownPrice: null,
    upstreamProfile: "openrouter",
  });
  expect((await other.post(hello)).status).toBe(200);
});

test("caps that a changed configuration brings are in force at once, and stand in the status", async () => {
  const one = await start(2, {});
  expect((await one.post(hello)).status).toBe(200);
  expect(await readObject(await fetch(`${one.proxy.url}/status`))).not.toHaveProperty("budgets");
  await one.proxy.reconfigure({ budgetUsdPerDay: 1 });
  expect((await one.post(hello)).status).toBe(200);
  await one.proxy.record(1);
  expect((await one.post(hello)).status).toBe(429);
  const { budgets } = await readObject(await fetch(`${one.proxy.url}/status`));
  const tomorrow = new Date();
  tomorrow.setHours(24, 0, 0, 0);
  expect(budgets).toEqual([
    { name: "day of everybody", spent_usd: 2, limit_usd: 1, ends_at: tomorrow.toISOString() },
  ]);
});
