import { afterEach, expect, test } from "bun:test";
import { parseExposition } from "../metrics/parse-exposition.ts";
import { completionOf } from "../support/chunks.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { json } from "../support/reply.ts";
import { hello, type Pair, type PairOptions, readFailure, startPair } from "../support/start-pair.ts";

let pair: Pair | null = null;

afterEach(async () => {
  await pair?.[Symbol.asyncDispose]();
  pair = null;
});

async function start(options: PairOptions = {}): Promise<Pair> {
  pair = await startPair(options);
  const usage = { prompt_tokens: 100, completion_tokens: 10, cost: 0.25 };
  pair.upstream.respondWith(() => json(completionOf({ text: "hello", usage })));
  return pair;
}

test("a scrape has what happened, in Prometheus' form", async () => {
  const one = await start({ settings: { budgetUsdPerDay: 1 } });
  expect((await one.post(hello)).status).toBe(200);
  await one.proxy.record(0);
  const response = await fetch(`${one.proxy.url}/metrics`);
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  const families = parseExposition(await response.text());
  expect([...families.keys()].filter((name) => name !== "claude_proxy_attempts_total")).toEqual([
    "claude_proxy_requests_total",
    "claude_proxy_request_duration_seconds",
    "claude_proxy_first_byte_seconds",
    "claude_proxy_output_tokens_per_second",
    "claude_proxy_tokens_total",
    "claude_proxy_cost_usd_total",
    "claude_proxy_unknown_cost_answers_total",
    "claude_proxy_running_requests",
    "claude_proxy_budget_spent_ratio",
    "claude_proxy_build_info",
    "claude_proxy_resident_memory_bytes",
    "claude_proxy_start_time_seconds",
  ]);
  expect([...(families.get("claude_proxy_budget_spent_ratio")?.samples ?? [])]).toEqual([
    ['claude_proxy_budget_spent_ratio{budget="day of everybody"}', 0.25],
  ]);
  expect([...(families.get("claude_proxy_cost_usd_total")?.samples.values() ?? [])]).toEqual([0.25]);
  const started = families
    .get("claude_proxy_start_time_seconds")
    ?.samples.get("claude_proxy_start_time_seconds");
  expect(Math.abs((started ?? 0) * 1000 - performance.timeOrigin)).toBeLessThan(10);
});

test("with client keys it needs one, and no page may ask", async () => {
  const one = await start({
    fileOf: (baseUrl) =>
      createFileConfig({
        upstreams: [
          upstreamSettings("desk", baseUrl, { keys: ["sk-one-upstream-key", "sk-two-upstream-key"] }),
        ],
        routes: { default: "desk/*" },
        clients: [clientSettings("ci")],
      }),
  });
  const url = `${one.proxy.url}/metrics`;
  const own = { "x-api-key": "ci-client-key" };
  expect((await readFailure(await fetch(url)))[0]).toBe(401);
  expect((await readFailure(await fetch(url, { headers: { ...own, origin: "http://a.example" } })))[0]).toBe(
    403,
  );
  expect(
    (
      await readFailure(
        await fetch(url, { method: "POST", headers: { ...own, "content-type": "application/json" } }),
      )
    )[0],
  ).toBe(405);
  const asKey = { ...hello, model: "sk-one-upstream-key" };
  expect((await one.post(asKey, { headers: own })).status).toBe(200);
  await one.proxy.record(3);
  const response = await fetch(url, { headers: own });
  const text = await response.text();
  expect(text).not.toContain("upstream-key");
  expect(text).not.toContain("client-key");
  const families = parseExposition(text);
  const health = [...(families.get("claude_proxy_target_healthy")?.samples ?? [])];
  expect(health.slice(1)).toEqual([
    ['claude_proxy_target_healthy{target="desk key 1"}', 1],
    ['claude_proxy_target_healthy{target="desk key 2"}', 1],
  ]);
});
