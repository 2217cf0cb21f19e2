import { expect, test } from "bun:test";
import { listUpstreams } from "../../../src/config/list-upstreams.ts";
import { createUpstreamMemory } from "../../../src/learned/upstream-memory.ts";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import { createClientHead } from "../../../src/relay/client-head.ts";
import { createExchange } from "../../../src/relay/exchange.ts";
import { createFailoverState } from "../../../src/relay/failover/failover-state.ts";
import { openTargets } from "../../../src/relay/failover/target-switch.ts";
import { createPassing, openPassThrough } from "../../../src/relay/pass-through/open-pass-through.ts";
import { createTurns } from "../../../src/turns/turns.ts";
import { createSendBudget } from "../../../src/upstream/send-budget.ts";
import { errorText, message, messageEvents, refusal, stream } from "../../support/anthropic-upstream.ts";
import { createTestConfig } from "../../support/test-config.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const canary = "sk-ant-oat01-canary-7f3a9c2e51d84b60aa17";
const request = { model: "claude-opus-5-5", max_tokens: 9, messages: [{ role: "user", content: "hi" }] };

interface Target {
  name: string;
  upstream: Upstream;
  passesClientKey: boolean;
}

/** Opens a request of a client with its own credential at these targets, one after the other. */
async function openAt(targets: readonly Target[]) {
  const config = createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: "/nowhere/proxy.log" });
  const [only] = listUpstreams(config);
  if (only === undefined) throw new Error("there is no upstream");
  const logger = {
    isDebug: false,
    info: () => {},
    warn: () => {},
    error: () => {},
    debugBody: () => {},
    request: () => {},
    close: () => {},
  };
  const headers = { authorization: `Bearer ${canary}` };
  const asked = new Request("http://127.0.0.1/v1/messages?beta=true", { method: "POST", headers });
  const exchange = createExchange(asked, { requestId: "req_1", now: () => new Date(0), logger });
  const budget = createSendBudget((taken) => {
    exchange.fields.attempts = taken;
  });
  const call = {
    exchange,
    head: createClientHead(asked, () => false),
    client: null,
    sessionId: null,
    bodyBytes: Buffer.from(JSON.stringify(request)),
    isLarge: false,
    signal: new AbortController().signal,
    request,
    budget,
    modelSetting: null,
  };
  const profile = selectProfile({
    setting: "generic",
    baseUrl: only.baseUrl,
    model: "m",
    protocol: "anthropic",
  });
  const answer = await openTargets({
    exchange,
    candidates: targets.map(({ name, passesClientKey }) => ({
      route: { upstream: name, model: `model-of-${name}`, profile, protocolBasis: "setting" as const },
      window: null,
      usesClientAccount: passesClientKey,
      keys: passesClientKey ? [] : ["sk-upstream-key-0123456789"],
      concurrency: null,
    })),
    budget,
    state: createFailoverState(() => performance.now()),
    conversationId: null,
    clientSignal: call.signal,
    logger,
    openOn: (route, key) => {
      const target = targets.find(({ name }) => name === route.upstream);
      if (target === undefined) throw new Error(`there is no target ${route.upstream}`);
      const { name, upstream, passesClientKey } = target;
      const { baseUrl } = upstream;
      return openPassThrough(
        {
          config,
          logger,
          settings: { ...only, name, baseUrl, protocol: "anthropic", passesClientKey },
          memory: createUpstreamMemory(),
          running: new Set(),
          takeTurn: createTurns(),
          passing: createPassing({ baseUrl, isLocal: true, version: "1" }),
        },
        { ...call, route, key, watch: null },
      );
    },
  });
  return { answer, exchange };
}

async function readAll({ reader }: Awaited<ReturnType<typeof openAt>>["answer"]): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (let piece = await reader.read(); piece !== null; piece = await reader.read())
    if (piece instanceof Uint8Array) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const sawCanary = ({ requests }: Upstream) =>
  requests.some(({ headers, rawBody }) => (JSON.stringify(headers) + rawBody.toString()).includes("canary"));

test("[30.1:nowhere-else] the client's credential stays with its upstream when the request goes on", async () => {
  const [own, second, third] = [await startUpstream(), await startUpstream(), await startUpstream()];
  own.reply(refusal(529, "overloaded_error", "Overloaded"));
  third.reply(stream());
  const { answer, exchange } = await openAt([
    { name: "own", upstream: own, passesClientKey: true },
    // It takes a client's credential too, but another upstream has got this one.
    { name: "second", upstream: second, passesClientKey: true },
    { name: "third", upstream: third, passesClientKey: false },
  ]);
  expect(await readAll(answer)).toBe(messageEvents().join(""));
  expect([own, second, third].map(sawCanary)).toEqual([true, false, false]);
  expect(second.requests).toEqual([]);
  expect(third.requests.map(({ body }) => body)).toEqual([{ ...request, model: "model-of-third" }]);
  answer.finish({ kind: "whole" });
  expect(exchange.fields).toMatchObject({
    attempts: 2,
    upstream: "third",
    inputTokens: 25,
    tried: [
      { upstream: "own", status: 529 },
      { upstream: "second", status: null, error: "not sent" },
      { upstream: "third", status: 200 },
    ],
  });
  expect(JSON.stringify(exchange.fields)).not.toContain("canary");
  await Promise.all([own, second, third].map((upstream) => upstream.stop()));
});

test("the answer's headers are those of the upstream that gave it", async () => {
  const [first, second] = [await startUpstream(), await startUpstream()];
  first.reply(refusal(500, "api_error", "broken", { "request-id": "req_first" }));
  second.reply(message(undefined, { headers: { "request-id": "req_second" } }));
  const { answer } = await openAt([
    { name: "first", upstream: first, passesClientKey: false },
    { name: "second", upstream: second, passesClientKey: false },
  ]);
  await answer.reader.read();
  expect(answer.reader.passed?.headers["request-id"]).toBe("req_second");
  answer.finish({ kind: "whole" });
  await Promise.all([first.stop(), second.stop()]);
});

test("the only failure is the upstream's own answer; of several it keeps how long to wait", async () => {
  const [first, second] = [await startUpstream(), await startUpstream()];
  const limited = () => refusal(429, "rate_limit_error", "slow down", { "retry-after": "17" });
  for (const upstream of [first, second]) upstream.respondWith(limited);
  const one = await openAt([{ name: "first", upstream: first, passesClientKey: false }]);
  const alone = one.answer.fail(await one.answer.reader.read().catch((thrown: unknown) => thrown));
  expect(Buffer.from(alone.passed?.body ?? []).toString()).toBe(errorText("rate_limit_error", "slow down"));
  const both = await openAt([
    { name: "first", upstream: first, passesClientKey: false },
    { name: "second", upstream: second, passesClientKey: false },
  ]);
  const last = both.answer.fail(await both.answer.reader.read().catch((thrown: unknown) => thrown));
  expect(last.passed).toBeNull();
  expect(last).toMatchObject({ status: 429, type: "rate_limit_error", headers: { "retry-after": "17" } });
  expect(last.message).toStartWith("slow down. Tried first/model-of-first (429)");
  await Promise.all([first.stop(), second.stop()]);
});
