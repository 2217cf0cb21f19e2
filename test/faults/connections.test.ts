import { expect, test } from "bun:test";
import { chunk, completionOf } from "../support/chunks.ts";
import { hangUp, json, silence, sse } from "../support/reply.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";
import { faultTest } from "./fault-test.ts";
import { brokenOff, refused, whole } from "./outcomes.ts";

faultTest("[row 1] nobody listens at the upstream's address any more", async (stage) => {
  const neighbour = await stage.endNeighbour();
  expect(neighbour.outcome.end).toBe("end_turn");
  await stage.upstream.stop();
  const startedAtMs = performance.now();
  const { outcome } = await stage.ask(hello);
  expect(performance.now() - startedAtMs).toBeLessThan(1000);
  expect(outcome).toEqual(refused(502, "api_error", "cannot reach UPSTREAM: ECONNREFUSED"));
  expect(stage.records[0]).toMatchObject({ attempts: 2, phase: "connect" });
});

faultTest("[row 6] a connection that ends before the head, twice", async (stage) => {
  for (const end of ["reset", "fin"] as const) {
    stage.upstream.respondWith(() => hangUp(end));
    const { outcome } = await stage.ask();
    expect(outcome).toEqual(refused(502, "api_error", "cannot reach UPSTREAM: ECONNRESET"));
  }
  expect(stage.records.map(({ attempts }) => attempts)).toEqual([2, 2]);
});

faultTest("[row 7] a kept connection that breaks is tried once more, unseen", async (stage) => {
  stage.upstream.reply(hangUp("reset"));
  stage.upstream.reply(json(completionOf({ text: "hello" })));
  expect((await stage.ask(hello)).outcome).toEqual(whole("hello"));
  expect([stage.records[0]?.attempts, stage.upstream.requests.length]).toEqual([2, 3]);
});

faultTest(
  "[row 5] a head that comes too late",
  async (stage) => {
    stage.upstream.respondWith(() => silence());
    const startedAtMs = performance.now();
    const { outcome } = await stage.ask(hello);
    expect(performance.now() - startedAtMs).toBeWithin(300, 1300);
    expect(outcome).toEqual(refused(504, "timeout_error", "UPSTREAM did not answer within 0.3 seconds"));
    expect(stage.records[0]?.phase).toBe("first_byte");
  },
  { limits: { firstByteMs: 300 } },
);

faultTest(
  "[row 8] silence after the head, before the gate is open",
  async (stage) => {
    stage.upstream.reply(sse([], { done: false, end: "stall" }));
    const { outcome } = await stage.ask();
    expect(outcome).toEqual(refused(504, "timeout_error", "UPSTREAM sent nothing for 0.4 seconds"));
    expect(stage.records[0]?.phase).toBe("idle");
  },
  { limits: { idleMs: 400 } },
);

faultTest(
  "[row 8] silence after text: pings, then an error event",
  async (stage) => {
    stage.upstream.reply(sse([chunk({ content: "one" })], { done: false, end: "stall" }));
    const { outcome, raw } = await stage.ask();
    expect(outcome).toEqual(brokenOff("one", "timeout_error", "UPSTREAM sent nothing for 0.5 seconds"));
    expect(raw.split("event: ping").length - 1).toBeGreaterThanOrEqual(3);
  },
  { limits: { idleMs: 500 }, pace: { pingMs: 100 } },
);

test("[row 81] an upstream that is a proxy of this kind is not asked in circles", async () => {
  await using outer = await startPair();
  await using inner = await startPair({ settings: { baseUrl: `${outer.proxy.url}/v1` } });
  const [status, type, message] = await readFailure(await inner.post(hello));
  expect([status, type]).toEqual([404, "not_found_error"]);
  expect(message).toStartWith("/v1/chat/completions does not exist");
  expect(outer.upstream.requests).toEqual([]);
});
