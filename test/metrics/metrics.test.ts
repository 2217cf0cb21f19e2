import { expect, test } from "bun:test";
import fc from "fast-check";
import { createMetrics, type Metrics } from "../../src/metrics/create-metrics.ts";
import { formatExposition } from "../../src/metrics/format-exposition.ts";
import { listFamilies, type ServerFacts } from "../../src/metrics/list-families.ts";
import { endedExchange } from "../budget/ended-exchange.ts";
import { parseExposition } from "./parse-exposition.ts";

const facts: ServerFacts = {
  version: "1.2.3",
  runningRequests: 2,
  health: [
    { name: "desk/big", isHealthy: true },
    { name: "desk key 2", isHealthy: false },
  ],
  record: { backlog: 3, lost: 1, shared: null },
  budgets: [{ name: "day of everybody", spentUsd: 5, limitUsd: 20 }],
  residentBytes: 1000,
  startedSeconds: 1_700_000_000.5,
};

const scrape = (metrics: Metrics, redact = (text: string) => text) =>
  parseExposition(formatExposition(listFamilies(metrics, facts, redact)));

/** The lines of a family, with their values. */
const linesOf = (metrics: Metrics, name: string) =>
  Object.fromEntries(scrape(metrics).get(`claude_proxy_${name}`)?.samples ?? []);

const send = { upstream: "desk", model: "big", key: null, startMs: 0, ms: 1, error: null };
const price = { input: 1, output: 2, cacheRead: 0.5, cacheWrite: 3 };
const answered = {
  status: 200,
  stopReason: "end_turn",
  client: "ci",
  upstream: "desk",
  upstreamModel: "big",
  attempts: 1,
  inputTokens: 1_000_000,
  outputTokens: 500_000,
  cacheReadTokens: 10,
  cacheWriteTokens: 0,
  thinkingTokens: 7,
  durationMs: 3_000,
  firstByteMs: 250,
  tokensPerSecond: 75,
};

test("what the server is at the moment", () => {
  const families = scrape(createMetrics());
  expect(Array.from(families, ([name, { type, samples }]) => [name, type, ...samples])).toEqual([
    ["claude_proxy_running_requests", "gauge", ["claude_proxy_running_requests", 2]],
    [
      "claude_proxy_target_healthy",
      "gauge",
      ['claude_proxy_target_healthy{target="desk/big"}', 1],
      ['claude_proxy_target_healthy{target="desk key 2"}', 0],
    ],
    [
      "claude_proxy_budget_spent_ratio",
      "gauge",
      ['claude_proxy_budget_spent_ratio{budget="day of everybody"}', 0.25],
    ],
    ["claude_proxy_record_backlog_requests", "gauge", ["claude_proxy_record_backlog_requests", 3]],
    ["claude_proxy_record_lost_total", "counter", ["claude_proxy_record_lost_total", 1]],
    ["claude_proxy_build_info", "gauge", ['claude_proxy_build_info{version="1.2.3"}', 1]],
    ["claude_proxy_resident_memory_bytes", "gauge", ["claude_proxy_resident_memory_bytes", 1000]],
    ["claude_proxy_start_time_seconds", "gauge", ["claude_proxy_start_time_seconds", 1_700_000_000.5]],
  ]);
});

test("what waits for a shared record, and since when", () => {
  const shared = { spooled: 7, awaySinceMs: 1_700_000_000_500 };
  const families = (state: typeof shared | { spooled: number; awaySinceMs: null }) => {
    const now = { ...facts, record: { backlog: 0, lost: 0, shared: state } };
    const text = formatExposition(listFamilies(createMetrics(), now, (name) => name));
    return ["record_spooled_requests", "record_away_since_seconds"].map((name) =>
      parseExposition(text).get(`claude_proxy_${name}`)?.samples.get(`claude_proxy_${name}`),
    );
  };
  expect(families(shared)).toEqual([7, 1_700_000_000.5]);
  expect(families({ spooled: 0, awaySinceMs: null })).toEqual([0, 0]);
});

test("what was counted of requests", () => {
  const metrics = createMetrics();
  const sends = [
    { ...send, status: 503 },
    { ...send, status: null, error: "refused" },
    { ...send, status: 200 },
  ];
  metrics.end(endedExchange(answered, { kind: "main", price, sends }));
  metrics.end(endedExchange({ ...answered, cacheReadTokens: 0, firstByteMs: 130_000 }, { kind: "main" }));
  metrics.end(endedExchange({ ...answered, status: 529, errorType: "overloaded_error", outputTokens: null }));
  metrics.end(endedExchange({ path: "/v1/messages/count_tokens", status: 200 }));
  metrics.end(endedExchange({ path: "/etc/passwd", status: 404, errorType: "not_found_error" }));
  const of = 'upstream="desk",model="big"';
  expect(linesOf(metrics, "requests_total")).toEqual({
    'claude_proxy_requests_total{kind="main",code="2xx",client="ci"}': 2,
    'claude_proxy_requests_total{kind="unknown",code="5xx",client="ci"}': 1,
    'claude_proxy_requests_total{kind="count",code="2xx"}': 1,
    'claude_proxy_requests_total{kind="other",code="4xx"}': 1,
  });
  expect(linesOf(metrics, "errors_total")).toEqual({
    'claude_proxy_errors_total{type="overloaded_error"}': 1,
    'claude_proxy_errors_total{type="not_found_error"}': 1,
  });
  expect(linesOf(metrics, "tokens_total")).toEqual({
    [`claude_proxy_tokens_total{${of},direction="input"}`]: 3_000_000,
    [`claude_proxy_tokens_total{${of},direction="output"}`]: 1_000_000,
    [`claude_proxy_tokens_total{${of},direction="cache_read"}`]: 20,
    [`claude_proxy_tokens_total{${of},direction="thinking"}`]: 21,
  });
  expect(linesOf(metrics, "cost_usd_total")).toEqual({ [`claude_proxy_cost_usd_total{${of}}`]: 2.000005 });
  expect(linesOf(metrics, "unknown_cost_answers_total")).toEqual({
    [`claude_proxy_unknown_cost_answers_total{${of}}`]: 1,
  });
  expect(linesOf(metrics, "attempts_total")).toEqual({
    [`claude_proxy_attempts_total{${of},outcome="2xx"}`]: 1,
    [`claude_proxy_attempts_total{${of},outcome="5xx"}`]: 1,
    [`claude_proxy_attempts_total{${of},outcome="none"}`]: 1,
  });
  const firstBytes = linesOf(metrics, "first_byte_seconds");
  const bounds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, "+Inf"];
  const counts = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2];
  expect(firstBytes).toEqual({
    ...Object.fromEntries(
      bounds.map((le, index) => [
        `claude_proxy_first_byte_seconds_bucket{${of},le="${le}"}`,
        counts[index] ?? -1,
      ]),
    ),
    [`claude_proxy_first_byte_seconds_sum{${of}}`]: 130.25,
    [`claude_proxy_first_byte_seconds_count{${of}}`]: 2,
  });
  const boundsOf = (name: string) =>
    Object.keys(linesOf(metrics, name)).flatMap((line) => /le="(.+)"/.exec(line)?.[1] ?? []);
  expect([boundsOf("request_duration_seconds"), boundsOf("output_tokens_per_second")]).toEqual([
    ["0.5", "1", "2.5", "5", "10", "20", "40", "60", "120", "300", "600", "+Inf"],
    ["5", "10", "20", "30", "50", "75", "100", "150", "250", "500", "1000", "+Inf"],
  ]);
  expect(
    linesOf(metrics, "request_duration_seconds")[`claude_proxy_request_duration_seconds_sum{${of}}`],
  ).toBe(9);
  expect(
    linesOf(metrics, "output_tokens_per_second")[`claude_proxy_output_tokens_per_second_count{${of}}`],
  ).toBe(3);
});

test("models and clients that somebody invents are counted together from the hundredth on", () => {
  const metrics = createMetrics();
  for (let index = 0; index < 300; index += 1) {
    metrics.end(endedExchange({ ...answered, client: `c${index}`, upstreamModel: `m${index}` }));
  }
  const clients = Object.entries(linesOf(metrics, "requests_total"));
  expect(clients).toHaveLength(101);
  expect(clients.find(([line]) => line.includes('client="other"'))?.[1]).toBe(200);
  const models = Object.entries(linesOf(metrics, "unknown_cost_answers_total"));
  expect(models).toHaveLength(101);
  expect(models.find(([line]) => line.includes('model="other"'))?.[1]).toBe(200);
});

test("any text is a label, and a secret is none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (model) => {
      const metrics = createMetrics();
      metrics.end(endedExchange({ ...answered, upstreamModel: model }));
      expect(scrape(metrics).get("claude_proxy_cost_usd_total")?.samples.size).toBe(1);
    }),
  );
  const metrics = createMetrics();
  metrics.end(endedExchange({ ...answered, upstreamModel: 'a"b\\c\nd' }));
  // Two of them would make the same line twice.
  for (const digit of [1, 2]) metrics.end(endedExchange({ ...answered, upstreamModel: `canary-${digit}` }));
  const redacted = scrape(metrics, (text) => text.replace(/canary-\d/, "[redacted]"));
  expect([...(redacted.get("claude_proxy_cost_usd_total")?.samples.keys() ?? [])]).toEqual([
    String.raw`claude_proxy_cost_usd_total{upstream="desk",model="a\"b\\c\nd"}`,
    'claude_proxy_cost_usd_total{upstream="desk",model="[redacted]"}',
  ]);
});
