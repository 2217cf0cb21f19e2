import { describe, expect } from "bun:test";
import { chunk, chunksOf, completionOf, stopChunk, usageChunk } from "../support/chunks.ts";
import { json, type Reply, sse, status } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { chatWire, type Wire, wires } from "../support/wires.ts";
import { type FaultCase, faultTest, faultTests } from "./fault-test.ts";
import { brokenOff, refused, whole } from "./outcomes.ts";

const streamed = { ...hello, stream: true };
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

function listUncoercible(wire: Wire): FaultCase[] {
  return uncoercible.flatMap(([name, error, code, type, message]): FaultCase[] => [
    [
      `[F1] an error with ${name} of another type, behind the head`,
      wire.stream([wire.text("one"), error], { done: false, paceMs: 50 }),
      brokenOff("one", type, message),
      refused(code, type, message),
    ],
    [
      `[F1] an error with ${name} of another type, before the head`,
      wire.stream([error], { done: false }),
      refused(code, type, message),
      refused(code, type, message),
    ],
  ]);
}

const failed = (words: string) => `UPSTREAM failed with medium-model: ${words}`;

/** What is said of a success without words of its own. */
const noAnswerSaid = (text: string) =>
  `The upstream's answer ${text}. Check the setting BASE_URL: is UPSTREAM an OpenAI-compatible server?`;

/** A success that holds no answer, and what is told of it. */
type NoAnswer = readonly [name: string, body: object, status: number, type: string, message: string];

/** One that tells of a failure costs one call, and is told in its own words; any other is asked for once more. */
function listNoAnswers(wire: Wire): NoAnswer[] {
  return [
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
    ["nothing", {}, 424, "api_error", noAnswerSaid(`has no ${wire.lacks}: {}`)],
    [
      "another wire's answer",
      { model: "m", message: { role: "assistant", content: "hi" }, done: true },
      502,
      "api_error",
      `UPSTREAM's answer has no ${wire.lacks}: {"model":"m","message":{"role":"assistant","content":"hi"},"done":true}`,
    ],
    [
      "a failure beside usage",
      {
        code: 7,
        message: "no",
        usage: { prompt_tokens: 1, completion_tokens: 0, input_tokens: 1, output_tokens: 0 },
      },
      502,
      "api_error",
      failed("no"),
    ],
  ];
}

/** What only Chat Completions can lack. */
const noChatAnswers: readonly NoAnswer[] = [
  ["an error that is a number", { error: 5 }, 502, "api_error", failed("5")],
  ["an error that is a list", { error: ["bad", "worse"] }, 502, "api_error", failed("bad, worse")],
  ["an error that is true", { error: true, message: "boom" }, 502, "api_error", failed("boom")],
  [
    "a chunk of no choices",
    { choices: [] },
    424,
    "api_error",
    noAnswerSaid('has no choices: {"choices":[]}'),
  ],
  [
    "choices that are no list",
    { choices: { "0": { message: { content: "hi" } } } },
    424,
    "api_error",
    noAnswerSaid('has no choices: {"choices":{"0":{"message":{"content":"hi"}}}}'),
  ],
];

function noAnswerTest(wire: Wire, name: string, reply: Reply, told: ReturnType<typeof refused>): void {
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
      { wire },
    );
  }
}

function noAnswerTests(wire: Wire, answers: readonly NoAnswer[]): void {
  for (const [name, body, code, type, message] of answers) {
    const told = refused(code, type, message);
    noAnswerTest(wire, `${name} instead of an answer, whole`, json(body), told);
    const stream = wire.stream([body], { paceMs: 20, done: true });
    noAnswerTest(wire, `${name} instead of an answer, as an event`, stream, told);
  }
}

describe.each(wires)("$id", (wire) => {
  faultTests(wire, listUncoercible(wire));

  faultTest(
    "[F14] a class of errors with the name of a member of every object",
    async (stage) => {
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
    },
    { wire },
  );

  noAnswerTests(wire, listNoAnswers(wire));

  noAnswerTest(
    wire,
    "a stream of the end alone",
    wire.stream([], { done: true }),
    refused(424, "api_error", noAnswerSaid("ended before it began")),
  );
  noAnswerTest(
    wire,
    "a stream that ends with a failure instead of an end",
    wire.stream([...wire.noise, { code: 40300, message: "quota exhausted" }]),
    refused(502, "api_error", failed("quota exhausted")),
  );

  faultTests(wire, [
    [
      "[F10] a failure behind text",
      wire.stream([wire.text("one"), { code: 40300, message: "quota exhausted" }], {
        paceMs: 50,
        done: true,
      }),
      brokenOff("one", "api_error", failed("quota exhausted")),
      refused(502, "api_error", failed("quota exhausted")),
    ],
  ]);

  faultTest(
    "[F10] a failure behind the head that came without an answer",
    async (stage) => {
      const late = wire.stream([": wait\n\n", { code: 40300, message: "quota exhausted" }], {
        paceMs: 400,
        done: true,
      });
      stage.upstream.respondWith(() => late);
      const before = stage.upstream.requests.length;
      expect((await stage.ask(streamed)).outcome).toEqual(
        brokenOff("", "api_error", failed("quota exhausted")),
      );
      expect(stage.upstream.requests.length - before).toBe(1);
    },
    { wire, pace: { headAfterUpstreamMs: 100 } },
  );

  faultTest(
    "[F10] an end without content is an empty answer, asked for twice",
    async (stage) => {
      stage.upstream.respondWith(() => wire.stream([wire.end()]));
      for (const body of [streamed, hello]) {
        const before = stage.upstream.requests.length;
        expect((await stage.ask(body)).outcome).toEqual(whole(""));
        expect(stage.upstream.requests.length - before).toBe(2);
      }
    },
    { wire },
  );
});

describe("chunks", () => {
  const text = chunk({ content: "one" });

  noAnswerTests(chatWire, noChatAnswers);

  noAnswerTest(
    chatWire,
    "a stream of signs of life alone",
    sse([{ choices: [] }, { id: "c", choices: [] }]),
    refused(424, "api_error", noAnswerSaid('has no choices: {"choices":[]}')),
  );
  noAnswerTest(
    chatWire,
    "a stream that ends with a failure behind a sign of life",
    sse(
      [
        { id: "c", choices: [] },
        { code: 40300, message: "quota exhausted" },
      ],
      { done: false },
    ),
    refused(502, "api_error", failed("quota exhausted")),
  );

  faultTests(chatWire, [
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

  const wrapped = { data: completionOf({ text: "one" }), success: true };

  faultTests(chatWire, [
    ["[4.8:envelope] a completion in an envelope", json(wrapped), whole("one"), whole("one")],
    [
      "[4.8:envelope] chunks in envelopes",
      sse(chunksOf({ text: "one" }).map((data) => ({ data, success: true }))),
      whole("one"),
      whole("one"),
    ],
  ]);
});
