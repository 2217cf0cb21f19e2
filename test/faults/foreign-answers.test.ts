import { expect } from "bun:test";
import { chunk, chunksOf, completionOf, stopChunk, usageChunk } from "../support/chunks.ts";
import { json, type Reply, sse, status } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type FaultCase, faultTest, faultTests } from "./fault-test.ts";
import { brokenOff, refused, whole } from "./outcomes.ts";

const streamed = { ...hello, stream: true };
const text = chunk({ content: "one" });
const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);

/** Errors with values that cannot be coerced to text, and what is told of them. */
const uncoercible: readonly [name: string, error: object, status: number, type: string, message: string][] = [
  [
    "reasons",
    { error: { code: 403, message: "m", metadata: { reasons: [{ toString: 1 }, "violence"] } } },
    424,
    "permission_error",
    "UPSTREAM refused this: m (reasons: violence)",
  ],
  [
    "a location",
    { error: { message: "x", code: 500, detail: [{ loc: [{ toString: 1 }] }] } },
    500,
    "api_error",
    "UPSTREAM failed with medium-model: x",
  ],
  [
    "a reset",
    {
      error: { code: 429, message: "slow", metadata: { headers: { "X-RateLimit-Reset": { toString: 1 } } } },
    },
    429,
    "rate_limit_error",
    "UPSTREAM limits requests for medium-model: slow",
  ],
  [
    "a message and a code",
    { error: { message: { toString: 1 }, code: { valueOf: 1 }, type: { toString: null } } },
    502,
    "api_error",
    "UPSTREAM reported an error inside its answer",
  ],
  [
    "depth",
    { error: { message: "deep", code: 503, metadata: deep(490) } },
    503,
    "api_error",
    "UPSTREAM cannot serve medium-model now: deep",
  ],
];

faultTests(
  uncoercible.flatMap(([name, error, code, type, message]): FaultCase[] => [
    [
      `[F1] an error with ${name} of another type, behind the head`,
      sse([text, error], { done: false, paceMs: 50 }),
      brokenOff("one", type, message),
      refused(code, type, message),
    ],
    [
      `[F1] an error with ${name} of another type, before the head`,
      sse([error], { done: false }),
      refused(code, type, message),
      refused(code, type, message),
    ],
  ]),
);

faultTest("[F14] a class of errors with the name of a member of every object", async (stage) => {
  for (const errorType of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    const body = `{"error":{"message":"slow","metadata":{"error_type":${JSON.stringify(errorType)}}}}`;
    stage.upstream.respondWith(() => ({
      ...status(429, JSON.parse(body), { "retry-after": "7" }),
    }));
    const { headers, outcome } = await stage.ask(hello);
    expect([outcome, headers.get("retry-after")]).toEqual([
      refused(
        429,
        "rate_limit_error",
        "UPSTREAM limits requests for medium-model: slow. Try again in 7 seconds",
      ),
      "7",
    ]);
  }
});

const failed = (words: string) => `UPSTREAM failed with medium-model: ${words}`;

/** What is said of a success without words of its own. */
const noChoices = (text: string) =>
  `The upstream's answer ${text}. Check the setting BASE_URL: is UPSTREAM an OpenAI-compatible server?`;

/**
 * Successes that hold no answer. One that tells of a failure costs one call, and is told in its own words; any other is
 * asked for once more.
 */
const noAnswers: readonly [
  name: string,
  body: object | string,
  status: number,
  type: string,
  message: string,
][] = [
  [
    "success: false",
    { code: 40300, message: "quota exhausted", success: false },
    502,
    "api_error",
    failed("quota exhausted"),
  ],
  ["a code and msg", { code: 1001, msg: "no such model" }, 502, "api_error", failed("no such model")],
  [
    "a code that is a status",
    { code: 429, message: "slow down" },
    429,
    "rate_limit_error",
    "UPSTREAM limits requests for medium-model: slow down",
  ],
  ["detail", { detail: "not found" }, 502, "api_error", failed("not found")],
  ["an error that is a number", { error: 5 }, 502, "api_error", failed("5")],
  ["an error that is a list", { error: ["bad", "worse"] }, 502, "api_error", failed("bad, worse")],
  ["an error that is true", { error: true, message: "boom" }, 502, "api_error", failed("boom")],
  ["nothing", {}, 424, "api_error", noChoices("has no choices: {}")],
  ["a chunk of no choices", { choices: [] }, 424, "api_error", noChoices('has no choices: {"choices":[]}')],
  [
    "choices that are no list",
    { choices: { "0": { message: { content: "hi" } } } },
    424,
    "api_error",
    noChoices('has no choices: {"choices":{"0":{"message":{"content":"hi"}}}}'),
  ],
  [
    "another wire's answer",
    { model: "m", message: { role: "assistant", content: "hi" }, done: true },
    502,
    "api_error",
    `UPSTREAM's answer has no choices: {"model":"m","message":{"role":"assistant","content":"hi"},"done":true}`,
  ],
  [
    "a failure beside usage",
    { code: 7, message: "no", usage: { prompt_tokens: 1, completion_tokens: 0 } },
    502,
    "api_error",
    failed("no"),
  ],
];

function noAnswerTest(name: string, reply: Reply, told: ReturnType<typeof refused>): void {
  const sends = told.status === 424 ? 2 : 1;
  for (const body of [streamed, hello]) {
    faultTest(
      `[F10 4.8:none] ${name}, ${body === hello ? "asked whole" : "asked as a stream"}`,
      async (stage) => {
        stage.upstream.respondWith(() => reply);
        const before = stage.upstream.requests.length;
        expect((await stage.ask(body)).outcome).toEqual(told);
        expect(stage.upstream.requests.length - before).toBe(sends);
      },
    );
  }
}

for (const [name, body, code, type, message] of noAnswers) {
  noAnswerTest(`${name} instead of an answer, whole`, json(Object(body)), refused(code, type, message));
  noAnswerTest(
    `${name} instead of an answer, as an event`,
    sse([body], { paceMs: 20 }),
    refused(code, type, message),
  );
}

noAnswerTest(
  "a stream of the end alone",
  sse([]),
  refused(424, "api_error", noChoices("ended before it began")),
);
noAnswerTest(
  "a stream of signs of life alone",
  sse([{ choices: [] }, { id: "c", choices: [] }]),
  refused(424, "api_error", noChoices('has no choices: {"choices":[]}')),
);
noAnswerTest(
  "a stream that ends with a failure instead of an end",
  sse(
    [
      { id: "c", choices: [] },
      { code: 40300, message: "quota exhausted" },
    ],
    { done: false },
  ),
  refused(502, "api_error", failed("quota exhausted")),
);

faultTests([
  [
    "[F10] a failure behind text",
    sse([text, { code: 40300, message: "quota exhausted" }], { paceMs: 50 }),
    brokenOff("one", "api_error", failed("quota exhausted")),
    refused(502, "api_error", failed("quota exhausted")),
  ],
  [
    "[F10] a failure of another type behind text",
    sse([text, { error: ["bad"] }], { done: false, paceMs: 50 }),
    brokenOff("one", "api_error", failed("bad")),
    refused(502, "api_error", failed("bad")),
  ],
  [
    "[F10] signs of life, usage and members of others in a good stream are nothing",
    sse([
      { id: "c", choices: [] },
      { ...text, code: 200, message: "ok", success: true },
      usageChunk(),
      { code: 200, message: "still here" },
      { type: "ping" },
      { ...stopChunk, code: 0, msg: "", base_resp: { status_code: 0, status_msg: "" } },
    ]),
    whole("one"),
    whole("one"),
  ],
]);

faultTest(
  "[F10] a failure behind the head that came without an answer",
  async (stage) => {
    const late = sse([": wait\n\n", { code: 40300, message: "quota exhausted" }], { paceMs: 400 });
    stage.upstream.respondWith(() => late);
    const before = stage.upstream.requests.length;
    expect((await stage.ask(streamed)).outcome).toEqual(
      brokenOff("", "api_error", failed("quota exhausted")),
    );
    expect(stage.upstream.requests.length - before).toBe(1);
  },
  { pace: { headAfterUpstreamMs: 100 } },
);

faultTest(
  "[F10] a choice with a finish reason and no content is an empty answer, asked for twice",
  async (stage) => {
    stage.upstream.respondWith(() => sse([stopChunk]));
    for (const body of [streamed, hello]) {
      const before = stage.upstream.requests.length;
      expect((await stage.ask(body)).outcome).toEqual(whole(""));
      expect(stage.upstream.requests.length - before).toBe(2);
    }
  },
);

const wrapped = { data: completionOf({ text: "one" }), success: true };

faultTests([
  ["[4.8:envelope] a completion in an envelope", json(wrapped), whole("one"), whole("one")],
  [
    "[4.8:envelope] chunks in envelopes",
    sse(chunksOf({ text: "one" }).map((data) => ({ data, success: true }))),
    whole("one"),
    whole("one"),
  ],
]);
