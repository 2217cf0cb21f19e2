import { afterEach, beforeEach, expect, test } from "bun:test";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { json, type Reply, sse, status } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { type Pair, startPair } from "../support/start-pair.ts";
import { isObject } from "../support/strict/json.ts";
import { catchSdkError, createSdkClient, readMessage, ways } from "./sdk-clients.ts";

let pair: Pair;

beforeEach(async () => {
  pair = await startPair();
});

afterEach(async () => {
  await pair[Symbol.asyncDispose]();
});

const text = (value: string) => ({ type: "text", text: value, citations: null });

const overflow =
  "This model's maximum context length is 128000 tokens. However, your messages resulted in 140213 tokens.";

const failures: [string, Reply, object][] = [
  [
    "[5.2:429] 429",
    status(429, { error: { message: "slow down" } }, { "retry-after": "7" }),
    {
      name: "RateLimitError",
      status: 429,
      type: "rate_limit_error",
      message: expect.stringMatching(/ limits requests for medium-model: slow down. Try again in 7 seconds$/),
      retryAfter: "7",
    },
  ],
  [
    "[5.5:key] 401",
    status(401, { error: { message: "bad key" } }),
    {
      name: "APIError",
      status: 424,
      type: "authentication_error",
      message: expect.stringMatching(
        / did not accept the upstream key, which is the setting OPENAI_API_KEY: bad key$/,
      ),
      retryAfter: null,
    },
  ],
  [
    "[5.2:529] 529",
    status(529, { error: { message: "overloaded" } }),
    {
      name: "OverloadedError",
      status: 529,
      type: "overloaded_error",
      message: expect.stringMatching(/ cannot serve medium-model now: overloaded$/),
      retryAfter: null,
    },
  ],
  [
    "[5.3:numbers E27] an overflow",
    status(400, { error: { message: overflow, code: "context_length_exceeded" } }),
    {
      name: "BadRequestError",
      status: 400,
      type: "invalid_request_error",
      message: "prompt is too long: 140213 tokens > 128000 maximum",
      retryAfter: null,
    },
  ],
];

test.each(
  failures.flatMap(([name, reply, expected]) =>
    ways.map((way) => [`${name} (${way})`, reply, expected, way] as const),
  ),
)("%s before the head is the SDK's error of that name", async (_, reply, expected, way) => {
  pair.upstream.reply(reply);
  const error = await catchSdkError(way, createSdkClient(pair.proxy.url));
  const { error: inner } = Object(error.error);
  const seen: object = {
    name: error.constructor.name,
    status: error.status,
    type: error.type,
    message: inner.message,
    retryAfter: error.headers?.get("retry-after") ?? null,
  };
  expect(seen).toEqual(expected);
  expect(error.requestID).toMatch(/^req_[0-9A-Za-z]{24}$/);
  expect(pair.upstream.requests.length).toBe(1);
});

test.each(ways.map((way) => [way] as const))(
  "[8.1:retry-after] %s tries again after the time it was told",
  async (way) => {
    pair.upstream.reply(status(429, { error: { message: "slow down" } }, { "retry-after": "1" }));
    pair.upstream.respondWith(({ body }) =>
      isObject(body) && body["stream"] === true
        ? sse(chunksOf({ text: "now" }))
        : json(completionOf({ text: "now" })),
    );
    const startedAtMs = performance.now();
    const message = await readMessage(way, createSdkClient(pair.proxy.url, 1));
    expect(message).toHaveProperty("content", [text("now")]);
    expect(performance.now() - startedAtMs).toBeWithin(1000, 1000 + soonMs);
    expect(pair.upstream.requests.length).toBe(2);
  },
);

test.each(ways.map((way) => [way] as const))(
  "[5.5:key] %s does not try a key that was refused again",
  async (way) => {
    pair.upstream.respondWith(() => status(401, { error: { message: "bad key" } }));
    const error = await catchSdkError(way, createSdkClient(pair.proxy.url, 2));
    expect(error.status).toBe(424);
    expect(pair.upstream.requests.length).toBe(1);
  },
);

const streamWays = ways.filter((way) => way !== "messages.create");

test.each(
  streamWays.flatMap((way) => [
    [way, "overloaded_error", { code: 529, message: "overloaded" }] as const,
    [way, "rate_limit_error", { code: 429, message: "slow down" }] as const,
    [way, "api_error", { code: 500, message: "broken" }] as const,
  ]),
)(
  "[4.7:after 5.4:after E26] %s throws a %s that comes in the middle of a stream",
  async (way, type, error) => {
    pair.upstream.reply(sse([chunk({ content: "so far" }), { error }], { done: false, paceMs: 20 }));
    const thrown = await catchSdkError(way, createSdkClient(pair.proxy.url));
    const message = expect.stringMatching(new RegExp(`medium-model.*: ${error.message}$`));
    expect([thrown.type, Object(thrown.error).error]).toEqual([type, { type, message }]);
  },
);
