import { expect, setSystemTime, test } from "bun:test";
import { createServer } from "node:net";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { hangUp, json, silence, sse, status } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";
import { faultTest, playFault } from "./fault-test.ts";
import { brokenOff, refused, whole } from "./outcomes.ts";
import { canaries } from "./scene.ts";

const reset =
  "cannot reach UPSTREAM: ECONNRESET. It closed the connection without an answer. If it speaks TLS, BASE_URL must begin with https://";

faultTest("[row 1] nobody listens at the upstream's address any more", async (stage) => {
  const neighbour = await stage.endNeighbour();
  expect(neighbour?.outcome.end).toBe("end_turn");
  await stage.upstream.stop();
  const startedAtMs = performance.now();
  const { outcome } = await stage.ask(hello);
  expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
  expect(outcome).toEqual(
    refused(
      502,
      "api_error",
      "cannot reach UPSTREAM: ECONNREFUSED. Is the server running, and is this its port? The address is the setting BASE_URL",
    ),
  );
  expect(stage.records[0]).toMatchObject({ attempts: 2, phase: "connect" });
});

faultTest("[row 6] a connection that ends before the head, twice", async (stage) => {
  for (const end of ["reset", "fin"] as const) {
    stage.upstream.respondWith(() => hangUp(end));
    const { outcome } = await stage.ask();
    expect(outcome).toEqual(refused(502, "api_error", reset));
  }
  expect(stage.records.map(({ attempts }) => attempts)).toEqual([2, 2]);
});

faultTest("[row 6] a fresh connection that breaks once is tried once more, unseen", async (stage) => {
  stage.upstream.reply(hangUp("reset"));
  stage.upstream.reply(json(completionOf({ text: "hello" })));
  expect((await stage.ask(hello)).outcome).toEqual(whole("hello"));
  expect([stage.records[0]?.attempts, stage.upstream.requests.length]).toEqual([2, 3]);
});

for (const stream of [true, false]) {
  faultTest(
    `[F12 row 6] resets, refusals and empty answers together are four sends at most, stream: ${stream}`,
    async ({ upstream, ask, records }) => {
      const sendsBefore = upstream.requests.length;
      const refusal = (field: string) =>
        status(400, { error: { message: `Unknown parameter: '${field}'.` } });
      const empty = json(completionOf({ text: "" }));
      upstream.reply(hangUp("reset"));
      upstream.reply(refusal("temperature"));
      upstream.reply(empty);
      upstream.reply(hangUp("reset"));
      upstream.respondWith(() => empty);
      const { outcome } = await ask({ ...hello, stream, temperature: 0.5 });
      expect(outcome).toEqual(refused(502, "api_error", reset));
      expect([upstream.requests.length - sendsBefore, records[0]?.attempts]).toEqual([4, 4]);
    },
    { mostSends: 4 },
  );
}

for (const end of ["reset", "fin"] as const) {
  faultTest(`[row 7] kept connections that end when they are used again: ${end}`, async (stage) => {
    stage.upstream.respondWith(({ isFirst }) =>
      isFirst ? json(completionOf({ text: "hello" }), { headDelayMs: 50 }) : hangUp(end),
    );
    // Two at the same time leave two connections behind: a second try on the other one would fail as well.
    await Promise.all([stage.ask(hello), stage.ask(hello)]);
    expect((await stage.ask(hello)).outcome).toEqual(whole("hello"));
    const ways = stage.upstream.requests.map(({ isFirst }) => (isFirst ? "fresh" : "kept"));
    expect(ways).toEqual(["fresh", "fresh", "fresh", "kept", "fresh"]);
    expect((await stage.record(2)).attempts).toBe(2);
  });
}

faultTest(
  "[row 5] a head that comes too late",
  async (stage) => {
    stage.upstream.respondWith(() => silence());
    const startedAtMs = performance.now();
    const { outcome } = await stage.ask(hello);
    expect(performance.now() - startedAtMs).toBeWithin(300, soonMs);
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
  { limits: { firstByteMs: 400, idleMs: 400 } },
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

faultTest("[row 81] an upstream that is a proxy of this kind is not asked in circles", async (outer) => {
  const settings = { baseUrl: `${outer.proxy.url}/v1`, openaiApiKey: canaries.clientKey };
  await using inner = await startPair({ settings });
  outer.noteRequest();
  const [status, type, message] = await readFailure(await inner.post(hello));
  expect([status, type]).toEqual([424, "not_found_error"]);
  expect(message).toContain(
    " has no chat completions at /v1/chat/completions: /v1/chat/completions does not exist. Check the setting BASE_URL",
  );
  expect(outer.upstream.requests.length).toBe(1);
});

faultTest(
  "[row 2] a name that nobody knows",
  async (stage) => {
    const told = refused(
      424,
      "api_error",
      "cannot reach no-such-host.invalid: ENOTFOUND. The host name is unknown. Check the host in BASE_URL, and the network",
    );
    for (const stream of [false, true]) expect((await stage.ask({ ...hello, stream })).outcome).toEqual(told);
    expect(stage.records.map(({ phase }) => phase)).toEqual(["connect", "connect"]);
  },
  { settings: { baseUrl: "http://no-such-host.invalid/v1" } },
);

test("[row 4] a server that takes the connection and says nothing in TLS", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const options = { settings: { baseUrl: `https://127.0.0.1:${port}/v1` }, limits: { connectMs: 400 } };
  await playFault(async (stage) => {
    const startedAtMs = performance.now();
    const { outcome } = await stage.ask(hello);
    expect(performance.now() - startedAtMs).toBeWithin(390, soonMs);
    const text =
      "cannot connect to UPSTREAM within 0.4 seconds. Check the network, and the host and the port in BASE_URL";
    expect(outcome).toEqual(refused(424, "timeout_error", text));
    expect((await stage.record(0)).phase).toBe("connect");
  }, options);
  silent.close();
});

faultTest(
  "[row 4] a head that takes longer than a connection may is no fault",
  async (stage) => {
    stage.upstream.reply(json(completionOf({ text: "late" }), { headDelayMs: 800 }));
    expect((await stage.ask(hello)).outcome).toEqual(whole("late"));
  },
  { limits: { connectMs: 200 } },
);

faultTest(
  "[row 77] a clock that jumps an hour, forwards and back, in the middle of a stream",
  async (stage) => {
    stage.upstream.reply(sse(chunksOf({ text: "one two three four five" }), { paceMs: 150 }));
    const answer = stage.ask();
    await stage.upstream.request(1);
    try {
      for (const hours of [1, -1]) {
        await Bun.sleep(150);
        setSystemTime(new Date(Date.now() + hours * 3_600_000));
      }
      expect((await answer).outcome).toEqual(whole("one two three four five"));
    } finally {
      setSystemTime();
    }
    expect((await stage.record(0)).durationMs).toBeWithin(500, 60_000);
  },
  { limits: { idleMs: 2000 } },
);
