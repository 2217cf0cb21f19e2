import { describe, expect, test } from "bun:test";
import { UpstreamError } from "../../src/upstream/upstream-error.ts";
import { connectRaw, requestHead } from "../faults/raw-client.ts";
import { chunk, stopChunk, toolCallChunk } from "../support/chunks.ts";
import { type AppParts, composeApp, answerOf as streamOf } from "../support/compose-app.ts";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import { json, type Reply, sse } from "../support/reply.ts";
import { hello, readObject, startPair } from "../support/start-pair.ts";
import { type HookedServer, startHookedServer } from "./hooked-server.ts";
import { watchTimers } from "./watch-timers.ts";

type Replace = (parts: AppParts) => Partial<AppParts>;

const words = "thrown by the test";
const throwing = (): never => {
  throw new Error(words);
};
/** What code that reads foreign JSON may throw: no Error, and without a form as text. */
const throwingOdd = (odd: unknown) => (): never => {
  throw odd;
};
const noText = { toString: 1, message: { toString: 1 } };

const said = [chunk({ role: "assistant", content: "hello" }), chunk({ content: " there" })];
const usage = { choices: [], usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 } };
const wholeAnswer = [...said, stopChunk, usage];
const sends =
  (...items: (object | (() => unknown))[]): Replace =>
  () => ({ upstream: { send: async () => streamOf(items) } });
const failure = new UpstreamError("http", "no", { status: 429, body: { error: { message: "slow" } } });
const pace = {
  headWithoutUpstreamMs: 15_000,
  headAfterUpstreamMs: 3_000,
  pingMs: 40,
  clientIdleSeconds: 120,
};

async function post({ url }: Pick<HookedServer, "url">, stream: boolean) {
  const response = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...hello, stream }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, bytes, text: new TextDecoder().decode(bytes) };
}

/** Waits until no request runs, and expects that nothing of it is left. */
async function expectNothingLeft(
  { deps, records }: HookedServer,
  timers: { active(): string[] },
  recorded = 1,
): Promise<void> {
  for (let tries = 0; tries < 100 && deps.admission.running > 0; tries += 1) await Bun.sleep(5);
  await Bun.sleep(5);
  expect(deps.admission.running).toBe(0);
  expect(deps.running.size).toBe(0);
  expect(records.length).toBe(recorded);
  expect(timers.active()).toEqual([]);
}

/** `told`: a failure, as a status or as an event; or the answer, where what failed was behind it. */
type Case = [place: string, replace: Replace, told: { streamed: string; whole: string }];

const fails = { streamed: "500", whole: "500" };
const breaks = { streamed: "event: error", whole: "500" };
const holds = { streamed: "event: message_stop", whole: "200" };

const cases: Case[] = [
  ["the choice of a route", () => ({ routeTo: throwing }), fails],
  ["the choice of a route, with a text", () => ({ routeTo: throwingOdd("text") }), fails],
  ["the choice of a route, with what has no text", () => ({ routeTo: throwingOdd(noText) }), fails],
  ["the choice of a route, with null", () => ({ routeTo: throwingOdd(null) }), fails],
  ["the choice of a route, with undefined", () => ({ routeTo: throwingOdd(undefined) }), fails],
  ["the making of an id", ({ newId }) => ({ newId: (of) => (of === "msg" ? throwing() : newId(of)) }), fails],
  ["what is known of a window", ({ memory }) => ({ memory: { ...memory, contextWindow: throwing } }), fails],
  ["what is known of repairs", ({ repairs }) => ({ repairs: { ...repairs, repairsFor: throwing } }), fails],
  ["the sending", () => ({ upstream: { send: throwing } }), fails],
  ["the sending, with what has no text", () => ({ upstream: { send: throwingOdd(noText) } }), fails],
  ["the look-up of tokens", ({ tokens }) => ({ tokens: { ...tokens, recall: throwing } }), fails],
  ["the first read", sends(throwing), fails],
  ["a read behind text", sends(...said, throwing), breaks],
  ["a read behind text, with what has no text", sends(...said, throwingOdd(noText)), breaks],
  ["a read behind text, with undefined", sends(...said, throwingOdd(undefined)), breaks],
  [
    "the end of a failed answer",
    (parts) => failingLate(parts, { cancel: throwing }),
    { ...breaks, whole: "429" },
  ],
  ["the mapping of an error behind text", (parts) => failingLate(parts, { contextWindow: throwing }), breaks],
  [
    "the mapping of an error behind text, with what has no text",
    (parts) => failingLate(parts, { contextWindow: throwingOdd(noText) }),
    breaks,
  ],
  [
    "the mapping of an error behind text, and the log of it",
    (parts) => ({
      ...failingLate(parts, { contextWindow: throwing }),
      logger: { ...parts.logger, error: throwing },
    }),
    breaks,
  ],
  [
    "the id of a call",
    ({ newId }) => ({
      ...sends(...said, toolCallChunk(0, { name: "f", arguments: '{"a":1}' }))({} as AppParts),
      newId: (of) => (of === "req" || of === "msg" ? newId(of) : throwing()),
    }),
    breaks,
  ],
  [
    "what is learned of a charge",
    ({ tokens }) => ({
      ...sends(...wholeAnswer)({} as AppParts),
      tokens: { ...tokens, learn: throwing, learnLater: throwing },
    }),
    holds,
  ],
  [
    "the debug log of a whole answer",
    ({ logger }) => ({
      ...sends(...wholeAnswer)({} as AppParts),
      logger: {
        ...logger,
        isDebug: true,
        debugBody: (_, name) => (name.endsWith("response") ? throwing() : undefined),
      },
    }),
    holds,
  ],
];

/** An answer that fails behind text; from then on what is named throws. */
function failingLate(
  { memory }: AppParts,
  hooks: { contextWindow?: () => never; cancel?: () => void },
): Partial<AppParts> {
  let hasFailed = false;
  const fail = () => {
    hasFailed = true;
    throw failure;
  };
  return {
    upstream: { send: async () => streamOf([...said, fail], hooks.cancel) },
    memory: {
      ...memory,
      contextWindow: (model) => (hasFailed ? hooks.contextWindow?.() : null) ?? memory.contextWindow(model),
    },
  };
}

describe("[F1] whatever throws, the client is told, the place is given back and the record is written", () => {
  test.each(cases)("%s", async (_, replace, told) => {
    using timers = watchTimers();
    for (const [stream, end] of [
      [true, told.streamed],
      [false, told.whole],
    ] as const) {
      await using server = startHookedServer((parts) => ({ pace, ...replace(parts) }));
      const { status, bytes, text } = await post(server, stream);
      if (status === 200 && stream) {
        expect(findGrammarFaults(bytes)).toEqual([]);
        expect(`event: ${parseWireEvents(bytes).at(-1)?.name}`).toBe(end);
      } else {
        expect(String(status)).toBe(end);
        if (status !== 200) expect(text).toContain('"type":"error"');
      }
      await expectNothingLeft(server, timers);
      const [record] = server.records;
      expect([record?.status, record?.errorType === null]).toEqual([
        status,
        text.includes("message_stop") || (status === 200 && !stream),
      ]);
    }
  });

  test("counting", async () => {
    using timers = watchTimers();
    await using server = startHookedServer(({ tokens }) => ({
      tokens: { ...tokens, countParts: throwing },
    }));
    const response = await fetch(`${server.url}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(hello),
    });
    expect(response.status).toBe(500);
    await expectNothingLeft(server, timers);
  });

  test("the guess of a prompt, while the request is under way", async () => {
    using timers = watchTimers();
    let sentSignal: AbortSignal | undefined;
    await using server = startHookedServer(({ tokens }) => ({
      tokens: { ...tokens, guess: throwing },
      upstream: {
        send: ({ controller }) => {
          sentSignal = controller.signal;
          return new Promise<never>((_, reject) => {
            controller.signal.addEventListener("abort", () => reject(new UpstreamError("aborted", "x")));
          });
        },
      },
    }));
    expect((await post(server, true)).status).toBe(500);
    await expectNothingLeft(server, timers);
    // Nobody waits for it any more.
    expect(sentSignal?.aborted).toBe(true);
  });

  test("the record: then there is none, and the place is free", async () => {
    using timers = watchTimers();
    for (const stream of [true, false]) {
      await using server = startHookedServer((parts) => ({
        ...sends(...wholeAnswer)(parts),
        logger: { ...parts.logger, request: throwing },
      }));
      const { status, text } = await post(server, stream);
      expect([status, text.includes("hello")]).toEqual([200, true]);
      await expectNothingLeft(server, timers, 0);
      expect(server.unforeseen).toEqual([words]);
    }
  });

  test("one thing to be given back: the others are, and the record is written", async () => {
    using timers = watchTimers();
    await using server = startHookedServer((parts) => ({
      ...sends(...wholeAnswer)(parts),
      admission: {
        ...parts.admission,
        get running() {
          return parts.admission.running;
        },
        enter: () => {
          const leave = parts.admission.enter();
          return () => {
            leave();
            throw new Error(words);
          };
        },
      },
    }));
    expect((await post(server, true)).status).toBe(200);
    await expectNothingLeft(server, timers);
    expect(server.unforeseen).toEqual([words]);
  });
});

describe("[F1] answers of an upstream whose errors cannot be mapped", () => {
  const odd = { toString: 1 };
  const errors: [name: string, error: object][] = [
    ["reasons", { code: 403, message: "m", metadata: { reasons: [odd] } }],
    ["a detail", { message: "x", code: 500, detail: [{ loc: [odd] }] }],
    ["a header", { code: 429, message: "m", metadata: { headers: { "X-RateLimit-Reset": odd } } }],
  ];

  test.each(errors)("%s that is no text", async (_, error) => {
    await using pair = await startPair({ settings: { maxConcurrentRequests: 1 } });
    const late = (): Reply => sse([chunk({ content: "one" }), { error }], { done: false, paceMs: 50 });
    for (let count = 0; count < 3; count += 1) {
      pair.upstream.reply(late());
      const response = await pair.post({ ...hello, stream: true });
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(findGrammarFaults(bytes)).toEqual([]);
      expect(parseWireEvents(bytes).at(-1)?.name).toBe("error");
      pair.upstream.reply(json({ error }, { status: 400 }));
      expect((await pair.post(hello)).status).toBeGreaterThanOrEqual(400);
    }
    expect(pair.proxy.records.length).toBe(6);
    expect(await readObject(await fetch(pair.proxy.url))).toHaveProperty("running_requests", 0);
  });
});

describe("[F1] a client that is gone", () => {
  /** Sends a request for a stream on a bare socket. */
  const connect = (server: HookedServer) => {
    const body = JSON.stringify({ ...hello, stream: true });
    return connectRaw(
      server.port,
      requestHead(server.port, { "content-length": String(body.length) }) + body,
    );
  };

  test("before the body of its answer is read takes nothing with it", async () => {
    using timers = watchTimers();
    const { promise: isSent, resolve: noteSent } = Promise.withResolvers<void>();
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
    // The upstream does not hear of it, as if its answer had come just before.
    await using server = startHookedServer(() => ({
      pace,
      upstream: {
        send: async () => {
          noteSent();
          await mayAnswer;
          return streamOf([...said, () => new Promise(() => {})]);
        },
      },
    }));
    const { socket } = await connect(server);
    await isSent;
    socket.destroy();
    await Bun.sleep(50);
    answer();
    await expectNothingLeft(server, timers);
    expect(server.records[0]).toMatchObject({ status: 499, phase: "client" });
  });

  test("in the middle of a stream, while its source cannot be ended", async () => {
    using timers = watchTimers();
    await using server = startHookedServer(() => ({
      pace,
      upstream: { send: async () => streamOf([...said, () => new Promise(() => {})], throwing) },
    }));
    const client = await connect(server);
    await client.hears("hello");
    client.socket.destroy();
    await expectNothingLeft(server, timers);
    expect(server.records[0]).toMatchObject({ status: 499, phase: "client" });
    expect(server.unforeseen).toEqual([words]);
  });
});

test.each([true, false])(
  "[F1] an upstream that goes on behind what we cannot take is told to stop (streamed: %p)",
  async (stream) => {
    await using pair = await startPair();
    const wrong = toolCallChunk(-1, { id: "call_1", name: "f", arguments: "{}" });
    pair.upstream.reply(sse([chunk({ content: "one" }), wrong], { done: false, end: "stall", paceMs: 20 }));
    const answer = await pair.post({ ...hello, stream });
    expect(await answer.text()).toContain('"type":"error"');
    const closed = pair.upstream.requests[0]?.closedByPeer;
    expect(await Promise.race([closed, Bun.sleep(2000).then(() => "open")])).toEqual(expect.any(Number));
  },
);

describe("[F1] the signal of a client", () => {
  async function askWith(signal: AbortSignal) {
    let call: AbortController | undefined;
    await using server = startHookedServer(() => ({
      upstream: {
        send: async ({ controller }) => {
          call = controller;
          if (controller.signal.aborted) throw new UpstreamError("aborted", "given up");
          return streamOf(wholeAnswer);
        },
      },
    }));
    const app = composeApp(server.deps);
    const request = new Request(`${server.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", host: "127.0.0.1" },
      body: JSON.stringify({ ...hello, stream: true }),
    });
    Object.defineProperty(request, "signal", { value: signal });
    const response = await app.fetch(request, { setIdleSeconds: () => {} });
    const text = await response.text();
    return { call, text, records: server.records, running: server.deps.running };
  }

  test("is let go with the answer: whatever becomes of it later, the call has ended well", async () => {
    const client = new AbortController();
    const { call, text, records, running } = await askWith(client.signal);
    expect([text.includes("message_stop"), records[0]?.status, running.size]).toEqual([true, 200, 0]);
    client.abort();
    expect(call?.signal.aborted).toBe(false);
  });

  test("that has aborted before the call ends it at its begin", async () => {
    const { call, records, running } = await askWith(AbortSignal.abort());
    expect([call?.signal.aborted, records.length, records[0]?.status, running.size]).toEqual([
      true,
      1,
      499,
      0,
    ]);
  });
});
