import { expect, test } from "bun:test";
import { findTraceCollector } from "../../src/config/foreign-variables.ts";
import { createTracing } from "../../src/tracing/create-tracing.ts";
import { endedExchange } from "../budget/ended-exchange.ts";
import { completionOf } from "../support/chunks.ts";
import { json, status } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";
import { startCollector } from "./start-collector.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

test("a request is a span below the caller's, with the conventions' names, and nothing that was said", async () => {
  await using collector = startCollector();
  const upstream = await startUpstream();
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 10,
    prompt_tokens_details: { cached_tokens: 60 },
    cost: 0.25,
  };
  upstream.respondWith(() => json(completionOf({ text: "canary-answer", usage })));
  await using program = await startProgram(upstream.baseUrl, {
    RECORD: "off",
    PROXY_API_KEY: "canary-client-key-0123456789",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=canary-collector-0123456789",
    OTEL_SERVICE_NAME: "my-proxy",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=desk",
  });
  const post = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${program.url}/v1/messages?beta=canary-query`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: "Bearer canary-client-key-0123456789",
        ...headers,
      },
      body: JSON.stringify(body),
    });
  const before = Date.now();
  const asked = { ...hello, messages: [{ role: "user", content: "canary-question" }] };
  const headers = {
    traceparent: `00-${traceId}-${spanId}-01`,
    "x-claude-code-session-id": "session-1",
  };
  expect((await post(asked, headers)).status).toBe(200);
  await collector.received(1);
  const after = Date.now();
  upstream.respondWith(() => status(400, { error: { message: "canary-refusal" } }));
  const secret = { ...hello, model: "claude-opus-canary-client-key-0123456789" };
  expect((await post(secret)).status).toBe(400);
  const [answered, refused] = await collector.received(2);
  if (answered === undefined || refused === undefined) throw new Error("spans are missing");
  const { startTimeUnixNano, endTimeUnixNano, attributes, ...rest } = answered;
  expect(rest).toMatchObject({
    traceId,
    parentSpanId: spanId,
    name: "chat claude-sonnet-5-5",
    kind: 2,
    status: { code: 0 },
  });
  const [startMs, endMs] = [Number(startTimeUnixNano) / 1e6, Number(endTimeUnixNano) / 1e6];
  expect([startMs >= before - 1, startMs < endMs, endMs <= after + 1]).toEqual([true, true, true]);
  // Other parts of the program may know more of a request.
  expect(attributes).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "claude-sonnet-5-5",
    "gen_ai.request.stream": false,
    "gen_ai.response.model": "big-model",
    "gen_ai.response.finish_reasons": ["end_turn"],
    "gen_ai.conversation.id": "session-1",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 10,
    "gen_ai.usage.cache_read.input_tokens": 60,
    "http.request.method": "POST",
    "url.path": "/v1/messages",
    "http.response.status_code": 200,
    "claude_proxy.request_id": expect.stringMatching(/^req_/),
    "claude_proxy.cost_usd": 0.25,
  });
  expect(refused.parentSpanId).toBeUndefined();
  expect(refused.status).toEqual({ code: 2 });
  expect(refused.attributes).toMatchObject({
    "error.type": "invalid_request_error",
    "http.response.status_code": 400,
  });
  expect(collector.resources[0]).toEqual({
    "service.name": "my-proxy",
    "service.version": expect.any(String),
    "deployment.environment.name": "desk",
  });
  expect(collector.headers[0]?.get("x-collector-key")).toBe("canary-collector-0123456789");
  expect(collector.bodies.join()).not.toContain("canary");
  expect(program.output()).not.toContain("canary-collector");
  expect(upstream.requests[0]?.headers["traceparent"]).toBeUndefined();
  await upstream.stop();
});

test("each send is a span below its request's", async () => {
  await using collector = startCollector();
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url;
  const warnings: string[] = [];
  const tracing = createTracing({
    version: "1.2.3",
    locate: (upstream) => (upstream === "desk" ? { host: "desk.example", port: 443 } : null),
    redact: (text) => text.replace("canary", "[redacted]"),
    warn: (event) => void warnings.push(event),
  });
  delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  const time = new Date(2026, 10, 30, 12, 0, 0, 5);
  const send = { model: "big", key: null, error: null };
  tracing.end(
    endedExchange(
      { time, status: 200, clientModel: "claude", upstreamModel: "big", durationMs: 1000.5, errorType: null },
      {
        family: "xai",
        sends: [
          { ...send, upstream: "desk", key: 2, startMs: 1.25, ms: 100, status: 429 },
          { ...send, upstream: "lab", model: "canary", startMs: 102, ms: 50, status: null, error: "reset" },
          { ...send, upstream: "desk", startMs: 152, ms: null, status: 200 },
        ],
      },
    ),
  );
  tracing.end(endedExchange({ path: "/v1/messages/count_tokens", status: 200 }));
  await tracing.close();
  const [request, ...sends] = collector.spans.toSorted((one, other) => one.kind - other.kind);
  expect(collector.resources[0]?.["service.name"]).toBe("claude-proxy");
  const startMs = time.getTime();
  const nanoseconds = (ms: number) => String(BigInt(startMs) * 1_000_000n + BigInt(ms * 1_000_000));
  expect([request?.startTimeUnixNano, request?.endTimeUnixNano]).toEqual([
    nanoseconds(0),
    nanoseconds(1000.5),
  ]);
  const common = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "x_ai" };
  const desk = { "server.address": "desk.example", "server.port": 443, "claude_proxy.upstream": "desk" };
  expect(
    sends.map((span) => [
      span.parentSpanId === request?.spanId && span.traceId === request?.traceId,
      span.name,
      span.kind,
      span.startTimeUnixNano,
      span.endTimeUnixNano,
      span.status.code,
      span.attributes,
    ]),
  ).toEqual([
    [
      true,
      "chat big",
      3,
      nanoseconds(1.25),
      nanoseconds(101.25),
      2,
      {
        ...common,
        ...desk,
        "gen_ai.request.model": "big",
        "http.response.status_code": 429,
        "error.type": "429",
        "claude_proxy.key_number": 2,
      },
    ],
    [
      true,
      "chat [redacted]",
      3,
      nanoseconds(102),
      nanoseconds(152),
      2,
      {
        ...common,
        "gen_ai.request.model": "[redacted]",
        "error.type": "no_answer",
        "claude_proxy.upstream": "lab",
      },
    ],
    [
      true,
      "chat big",
      3,
      nanoseconds(152),
      nanoseconds(1000.5),
      0,
      { ...common, ...desk, "gen_ai.request.model": "big", "http.response.status_code": 200 },
    ],
  ]);
  expect(warnings).toEqual([]);
});

test("a dead collector is told of once, and delays the end by no more than a second", async () => {
  const upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "hi" })));
  const dead = startCollector();
  await dead[Symbol.asyncDispose]();
  await using program = await startProgram(upstream.baseUrl, {
    RECORD: "off",
    OTEL_EXPORTER_OTLP_ENDPOINT: dead.url.replace("//", "//canary-user:canary-0123456789@"),
    OTEL_EXPORTER_OTLP_TIMEOUT: "200",
  });
  const post = async () => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${program.url}/v1/messages`, {
      method: "POST",
      headers,
      body: JSON.stringify(hello),
    });
    expect(response.status).toBe(200);
  };
  const warnings = () => program.output().split("traces cannot be sent").length - 1;
  await post();
  for (let waitedMs = 0; waitedMs < soonMs && warnings() === 0; waitedMs += 20) await Bun.sleep(20);
  await post();
  await Bun.sleep(1_500);
  expect(warnings()).toBe(1);
  expect(program.output()).toContain(new URL(dead.url).host);
  await post();
  const beganMs = performance.now();
  program.kill("SIGTERM");
  expect(await program.exited).toBe(0);
  expect(performance.now() - beganMs).toBeLessThan(soonMs);
  expect(program.output()).not.toContain("canary");
  await upstream.stop();
});

test.each([
  [{}, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: " " }, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318" }, { host: "c:4318", wantsGrpc: false }],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://u:p@c/v1" }, { host: "c", wantsGrpc: false }],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "c:4318" }, { host: null, wantsGrpc: false }],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
    { host: "c", wantsGrpc: true },
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_SDK_DISABLED: "true" }, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_TRACES_EXPORTER: "none" }, null],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_TRACES_EXPORTER: "console,otlp" },
    { host: "c", wantsGrpc: false },
  ],
])("the environment %j", (env, collector) => {
  expect(findTraceCollector(env)).toEqual(collector);
});
