import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { statusOfErrorType } from "../../../src/anthropic/api-error.ts";
import type { Usage } from "../../../src/anthropic/message.ts";
import type { StreamEvent } from "../../../src/anthropic/stream-event.ts";
import { isJsonObject } from "../../../src/json/json-value.ts";
import { parseJson } from "../../../src/json/parse-json.ts";
import { profileIds } from "../../../src/profiles/profile-ids.ts";
import { convertUsage, findUsage } from "../../../src/protocols/chat/answer/convert-usage.ts";
import { createAnswerWatch } from "../../../src/protocols/chat/answer/no-answer.ts";
import { upstreamErrorOfChunk } from "../../../src/protocols/chat/answer/upstream-error-of-chunk.ts";
import { type ChatChunk, isChatChunk } from "../../../src/protocols/chat/chat-response.ts";
import { buildUsage } from "../../../src/translate/answer/usage.ts";
import { findContextWindow } from "../../../src/translate/failures/find-context-window.ts";
import { mapUpstreamError } from "../../../src/translate/failures/map-upstream-error.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import { errorContext } from "../../support/error-context.ts";
import { translateCompletion, translateStream } from "../../support/translate-answer.ts";

/**
 * Mapping is total: whatever JSON an upstream sends in whatever place, nothing throws, and what comes of it is legal. Where
 * it throws, an answer is not ended, and its place among the running ones is lost.
 */
const runs = Number(process.env["LAW_RUNS"] ?? 2_000);
const seed = Number(process.env["LAW_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`total mapping: ${runs} runs each, LAW_SEED=${seed}\n`);
const settings = { numRuns: runs, seed } as const;
const timeLimitMs = 300_000;

const keys = fc.constantFrom(
  ..."toString valueOf __proto__ constructor length toJSON then hasOwnProperty error message code type".split(
    " ",
  ),
  ..."detail loc msg metadata raw reasons headers X-RateLimit-Reset error_type provider_name n_ctx 0".split(
    " ",
  ),
);
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    ...[
      "",
      "\ud800",
      "\udc00a",
      "\u0000\u001b[31m",
      "\u202e\u{e0041}",
      "constructor",
      "__proto__",
      "1e308",
      "0x10",
      " 5 ",
    ],
    ...[
      "9".repeat(400),
      "1ms".repeat(40),
      "rate_limit",
      "context_length_exceeded",
      "429",
      "<title>x",
      "a".repeat(5_000),
    ],
    `This model's maximum context length is ${"9".repeat(300)} tokens. However, you requested 5 tokens (3 in the messages, 2 in the completion)`,
    '{"error":{"message":{"toString":1}}}',
    "try again in 1h1h1h",
  ),
);
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(
    0,
    -0,
    -1,
    0.4,
    1e308,
    -1e308,
    5e-324,
    2 ** 53,
    2 ** 53 - 1,
    200,
    400,
    429.5,
    529,
    599,
    600,
    999,
  ),
);

/** `JSON.parse` gives own members of any name; so does this. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [name, value] of entries)
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return object;
}

function nest(levels: number, inside: unknown, isList: boolean): unknown {
  let value = inside;
  for (let level = 0; level < levels; level += 1) value = isList ? [value] : { error: value };
  return value;
}

const { value: anything } = fc.letrec<{ value: unknown; deep: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(null, true, false),
    texts,
    numbers,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(fc.oneof(keys, texts), tie("value")), { maxLength: 4 }).map(objectOf),
    tie("deep"),
  ),
  deep: fc
    .tuple(fc.integer({ min: 100, max: 470 }), fc.constantFrom(1, { toString: 1 }), fc.boolean())
    .map(([levels, inside, isList]) => nest(levels, inside, isList)),
}));

/** An object with any of these members, each of them anything. */
const members = (names: string) =>
  fc.record(Object.fromEntries(names.split(" ").map((name) => [name, anything])), { requiredKeys: [] });
const orAnything = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary }, anything);

const metadata = fc.record(
  {
    raw: anything,
    provider_name: anything,
    error_type: orAnything(fc.constantFrom("constructor", "__proto__", "server", "image_x")),
    reasons: orAnything(fc.array(anything, { maxLength: 3 })),
    flagged_input: anything,
    headers: orAnything(fc.record({ "X-RateLimit-Reset": anything })),
  },
  { requiredKeys: [] },
);
const fault = members("loc msg type");
const inner = fc.record(
  {
    message: orAnything(
      fc.oneof(texts, fc.record({ detail: fc.array(orAnything(fault), { maxLength: 2 }) })),
    ),
    code: orAnything(fc.oneof(numbers, texts)),
    http_code: anything,
    type: anything,
    status: anything,
    param: anything,
    detail: orAnything(fc.array(orAnything(fault), { maxLength: 2 })),
    metadata: orAnything(metadata),
    n_prompt_tokens: numbers,
    n_ctx: numbers,
  },
  { requiredKeys: [] },
);
const errorBody = orAnything(
  fc.oneof(
    fc.record({ error: orAnything(inner), provider: anything }, { requiredKeys: ["error"] }),
    inner,
    fc.tuple(orAnything(inner)),
    members("code message msg detail success base_resp error"),
  ),
);
const headers = fc.dictionary(
  fc.constantFrom(
    "retry-after",
    "retry-after-ms",
    "x-ratelimit-reset",
    "x-ratelimit-remaining",
    "x-ratelimit-reset-x",
    "date",
  ),
  fc.oneof(texts, numbers.map(String)),
);
const statuses = fc.oneof(
  fc.integer({ min: 100, max: 999 }),
  fc.constantFrom(200, 400, 403, 413, 429, 500, 503, 529, undefined),
);

const usage = orAnything(
  members(
    "prompt_tokens completion_tokens total_tokens cached_tokens num_cached_tokens cost prompt_tokens_details completion_tokens_details server_tool_use_details",
  ),
);
const call = fc.record(
  {
    index: orAnything(fc.constantFrom(0, 1)),
    id: orAnything(texts),
    function: orAnything(members("name arguments")),
    extra_content: anything,
  },
  { requiredKeys: [] },
);
const delta = orAnything(
  fc.record(
    {
      role: anything,
      content: orAnything(fc.array(orAnything(members("type text thinking")), { maxLength: 2 })),
      reasoning: anything,
      reasoning_content: anything,
      reasoning_details: orAnything(
        fc.array(orAnything(members("type id text summary data signature format index")), { maxLength: 2 }),
      ),
      refusal: anything,
      tool_calls: orAnything(fc.array(orAnything(call), { maxLength: 2 })),
      function_call: anything,
      annotations: orAnything(fc.array(orAnything(members("type url_citation")), { maxLength: 2 })),
      extra_content: anything,
    },
    { requiredKeys: [] },
  ),
);
const choice = orAnything(
  fc.record(
    {
      index: orAnything(fc.constantFrom(0, 1)),
      delta,
      message: delta,
      finish_reason: orAnything(fc.constantFrom("stop", "length", "error", "tool_calls", null)),
      native_finish_reason: anything,
      stop_reason: anything,
      matched_stop: anything,
      usage,
      error: anything,
    },
    { requiredKeys: [] },
  ),
);
const chunk = fc
  .record(
    {
      id: anything,
      provider: anything,
      choices: orAnything(fc.array(choice, { minLength: 1, maxLength: 2 })),
      usage,
      x_groq: orAnything(fc.record({ usage })),
      error: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, orAnything(inner)),
      base_resp: orAnything(members("status_code status_msg")),
      success: anything,
      code: anything,
      message: anything,
    },
    { requiredKeys: ["choices"] },
  )
  .map((value) => JSON.stringify(value));

function checkUsage(usage: Usage): void {
  const { server_tool_use: search, output_tokens_details: details } = usage;
  const counts = [
    usage.input_tokens,
    usage.output_tokens,
    usage.cache_creation_input_tokens,
    usage.cache_read_input_tokens,
    ...(search === null ? [] : [search.web_search_requests, search.web_fetch_requests]),
    ...(details === null ? [] : [details.thinking_tokens]),
    // The client adds these.
    usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens,
  ];
  for (const count of counts) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
}

/** Throws where what the client would be told of the error is not legal. */
function checkError(error: UpstreamError): void {
  for (const context of [
    errorContext,
    { ...errorContext, modelSetting: null, hasAnswered: false, estimatedInputTokens: 5, contextWindow: 4 },
  ]) {
    const told = mapUpstreamError(error, context);
    expect(Object.keys(statusOfErrorType)).toContain(told.type);
    expect(Number.isInteger(told.status) && told.status >= 400 && told.status <= 599).toBe(true);
    expect(typeof told.message).toBe("string");
    expect(told.message.length).toBeWithin(1, 12_001);
    expect(told.message).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    if (told.message.startsWith("prompt is too long: ") && !told.message.includes("(upstream: "))
      expect(told.message).toMatch(/: \d{1,16} tokens > \d{1,16} maximum$/);
    const { "retry-after": wait = "1", "x-should-retry": again = "true", ...others } = told.headers;
    expect([wait, again, others]).toEqual([
      expect.stringMatching(/^[1-9]\d{0,4}$/),
      expect.stringMatching(/^(?:true|false)$/),
      {},
    ]);
  }
  const window = findContextWindow(error);
  expect(window === null || (Number.isSafeInteger(window) && window > 0)).toBe(true);
}

function checkEvents(events: readonly StreamEvent[]): void {
  for (const event of events) if (event.type === "message_delta") checkUsage(event.usage);
}

describe("[F1] whatever the upstream sends", () => {
  test(
    "an error is told in a legal form",
    () => {
      fc.assert(
        fc.property(errorBody, headers, statuses, (body, sent, status) => {
          const options = { headers: sent, body, host: "upstream.test" };
          checkError(
            new UpstreamError(
              "http",
              "upstream.test answered",
              status === undefined ? options : { ...options, status },
            ),
          );
        }),
        settings,
      );
    },
    timeLimitMs,
  );

  test(
    "usage is none, or one that the client can add",
    () => {
      fc.assert(
        fc.property(usage, (value) => {
          const converted = convertUsage(findUsage({ usage: value }));
          if (converted === null) return;
          checkUsage(buildUsage(converted));
          const { promptTokens, costUsd } = converted;
          expect(Number.isSafeInteger(promptTokens)).toBe(true);
          expect(costUsd === null || (Number.isFinite(costUsd) && costUsd >= 0)).toBe(true);
        }),
        settings,
      );
    },
    timeLimitMs,
  );

  test(
    "an answer is translated, or fails in a legal form",
    () => {
      const request = {
        model: "claude-x",
        max_tokens: 10,
        messages: [{ role: "user", content: "hi" }],
        thinking: { type: "adaptive" },
      };
      fc.assert(
        fc.property(
          fc.array(chunk, { minLength: 1, maxLength: 3 }),
          fc.constantFrom(...profileIds),
          (chunks, profile) => {
            const target = { profile, model: "vendor/model", request };
            const stream = chunks.map((data) => `data: ${data}\n\n`).join("");
            for (const end of ["data: [DONE]\n\n", ""]) {
              checkEvents(translateStream(target, [Buffer.from(stream + end)]).events);
            }
            const watch = createAnswerWatch();
            for (const value of chunks.map((data) => parseJson(data)).filter(isChatChunk)) {
              checkEvents(translateCompletion(target, value).events);
              watch.see(value);
              const error = upstreamErrorOfChunk(value);
              if (error !== null) checkError(error);
            }
            for (const isDone of [true, false]) {
              const missing = watch.failure(isDone);
              if (missing !== null) checkError(missing);
            }
          },
        ),
        // Each of them is translated in four ways.
        { ...settings, numRuns: Math.ceil(runs / 10) },
      );
    },
    timeLimitMs,
  );
});

test("[F1] the generated values are as foreign as they are meant to be", () => {
  const sample = fc.sample(errorBody, { numRuns: 2_000, seed: 1 }).map((value) => JSON.stringify(value));
  for (const part of [
    '"toString":',
    '"__proto__":',
    '"reasons":[',
    '"loc":[',
    '"X-RateLimit-Reset":{',
    "1e+308",
  ])
    expect(sample.some((text) => text.includes(part))).toBe(true);
  const chunks: ChatChunk[] = fc
    .sample(chunk, { numRuns: 200, seed: 1 })
    .map((data) => parseJson(data))
    .filter(isJsonObject);
  expect(chunks.filter(({ choices }) => Array.isArray(choices)).length).toBeGreaterThan(100);
});
