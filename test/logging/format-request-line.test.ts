import { describe, expect, test } from "bun:test";
import { describeEnd, formatEnd, formatRequestLine } from "../../src/logging/format-request-line.ts";
import { createPaint } from "../../src/logging/paint.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { createRecord } from "./request-record.ts";

const paint = createPaint(false);
const at = (columns: number | null, changes: Partial<RequestRecord> = {}) =>
  formatRequestLine(createRecord(changes), { paint, columns });

const failure = {
  upstreamModel: null,
  status: 529,
  stopReason: null,
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  tokensPerSecond: null,
  durationMs: 40,
  errorType: "overloaded_error",
  errorMessage: "try again",
};

const large = { inputTokens: 1_912_345, outputTokens: 131_072, usageEstimated: true, durationMs: 3_599_949 };

const lines: [string, Partial<RequestRecord>, string, string][] = [
  [
    "an answer",
    {},
    "09:05:07  openai/gpt-5.2                 200    20,345 in      512 out    4.1 s",
    "09:05:07  sonnet-4-5 → openai/gpt-5.2                 200    20,345 in    8,000 cached      512 out    4.1 s  125 tok/s",
  ],
  [
    "a failure, of which nothing is known",
    failure,
    "09:05:07  claude-sonnet-4-5              529                              0.0 s",
    "09:05:07  claude-sonnet-4-5                           529                                              0.0 s",
  ],
  [
    "large figures, which we have estimated",
    large,
    "09:05:07  openai/gpt-5.2                 200    ~1.92M in  ~131,072 out  3599.9 s",
    "09:05:07  sonnet-4-5 → openai/gpt-5.2                 200    ~1.92M in    8,000 cached  ~131,072 out  3599.9 s  125 tok/s",
  ],
  [
    "figures around a thousand",
    {
      inputTokens: 999,
      cacheReadTokens: 1000,
      cacheWriteTokens: 1,
      outputTokens: 1_000_000,
      tokensPerSecond: 9.5,
    },
    "09:05:07  openai/gpt-5.2                 200     2,000 in    1.00M out    4.1 s",
    "09:05:07  sonnet-4-5 → openai/gpt-5.2                 200     2,000 in    1,000 cached    1.00M out    4.1 s   10 tok/s",
  ],
  [
    "a count of tokens",
    {
      path: "/v1/messages/count_tokens",
      inputTokens: 12_345,
      outputTokens: null,
      cacheReadTokens: null,
      tokensPerSecond: null,
      durationMs: 3,
    },
    "09:05:07  openai/gpt-5.2                 200    12,345 in        count    0.0 s",
    "09:05:07  sonnet-4-5 → openai/gpt-5.2                 200    12,345 in                        count    0.0 s",
  ],
  [
    "a request without a model",
    {
      ...failure,
      clientModel: null,
      status: 404,
      method: "GET",
      path: "/v1/nothing",
      errorType: "not_found_error",
    },
    "09:05:07  GET /v1/nothing                404                              0.0 s",
    "09:05:07  GET /v1/nothing                             404                                              0.0 s",
  ],
  [
    "the upstream's model, asked for by its name",
    { clientModel: "openai/gpt-5.2" },
    "09:05:07  openai/gpt-5.2                 200    20,345 in      512 out    4.1 s",
    "09:05:07  openai/gpt-5.2                              200    20,345 in    8,000 cached      512 out    4.1 s  125 tok/s",
  ],
  [
    "two names that do not fit together",
    { clientModel: "claude-opus-4-5-20251101", upstreamModel: "anthropic/claude-opus-4.8" },
    "09:05:07  anthropic/claude-opus-4.8      200    20,345 in      512 out    4.1 s",
    "09:05:07  anthropic/claude-opus-4.8                   200    20,345 in    8,000 cached      512 out    4.1 s  125 tok/s",
  ],
  [
    "a name that is too long",
    { upstreamModel: "registry.example/library/qwen3-coder:480b-instruct-q4" },
    "09:05:07  registry.examp…0b-instruct-q4  200    20,345 in      512 out    4.1 s",
    "09:05:07  registry.example/libr…der:480b-instruct-q4  200    20,345 in    8,000 cached      512 out    4.1 s  125 tok/s",
  ],
  [
    "a name of wide characters",
    { upstreamModel: "通义千问三号代码模型専用三十二亿参数" },
    "09:05:07  通义千问三号代…三十二亿参数    200    20,345 in      512 out    4.1 s",
    "09:05:07  通义千问三号代码模型専用三十二亿参数        200    20,345 in    8,000 cached      512 out    4.1 s  125 tok/s",
  ],
];

test.each(lines)("%s, at 80 and at 120 columns", (_, changes, narrow, wide) => {
  expect(at(80, changes)).toBe(narrow);
  expect(at(120, changes)).toBe(wide);
});

test.each(lines.map(([name, changes]) => [name, changes] as const))(
  "%s is no wider than 60, 80 or 120 columns",
  (_, changes) => {
    const ordinary = { ...changes, outputTokens: 512, usageEstimated: false, durationMs: 4_123 };
    for (const columns of [60, 80, 109, 110, 120]) {
      expect(Bun.stringWidth(at(columns, ordinary))).toBeLessThanOrEqual(columns);
    }
  },
);

test("a check of auto mode is told from the conversation", () => {
  const check = { kind: "auto-mode-check", clientModel: "haiku", upstreamModel: "small" };
  expect(at(120, check)).toContain("  auto mode check → small  ");
});

test("where there is no terminal a line is as at 120 columns", () => {
  expect(at(null)).toBe(at(120));
  expect(at(109)).not.toContain("cached");
  expect(at(110)).toContain("cached");
});

describe("below the line stands", () => {
  test.each<[string, Partial<RequestRecord>, string | null]>([
    ["nothing of an ordinary end", { stopReason: "end_turn" }, null],
    ["nothing of a call", { stopReason: "tool_use" }, null],
    ["nothing of a sequence that was asked for", { stopReason: "stop_sequence" }, null],
    ["nothing where no reason is known", { stopReason: null }, null],
    ["an early end", { stopReason: "max_tokens" }, "The answer ended with max_tokens."],
    ["why it failed", failure, "overloaded_error: try again"],
    ["that it was cut", { errorType: "api_error", errorMessage: null }, "api_error: "],
    [
      "that nobody waits any more",
      { status: 499, errorType: "client_closed" },
      "The client went away before its answer was whole.",
    ],
  ])("%s", (_, changes, end) => {
    expect(describeEnd(createRecord(changes))).toBe(end);
  });

  test("a text that is folded to the terminal, and to no width elsewhere", () => {
    const text = "api_error: cannot reach localhost:11434: ECONNREFUSED. Does a server run there?";
    expect(formatEnd(text, createRecord(), { paint, columns: 60 })).toBe(
      "          api_error: cannot reach localhost:11434:\n" +
        "          ECONNREFUSED. Does a server run there?",
    );
    expect(formatEnd(text, createRecord(), { paint, columns: null })).toBe(`          ${text}`);
  });
});

test("names from outside cannot colour or break the line", () => {
  const hostile = { clientModel: "x\n\u001b[31m", stopReason: "a\u009b", errorType: null };
  const line = at(120, hostile);
  expect(line).toContain("x\\u000a\\u001b[31m → openai/gpt-5.2");
  expect(line + describeEnd(createRecord(hostile))).not.toMatch(/\p{Cc}/u);
});

test.each<[string, Partial<RequestRecord>, number]>([
  ["an answer green", { status: 200 }, 28],
  ["an answer that broke red", { status: 200, errorType: "api_error" }, 160],
  ["what the client did wrong amber", { status: 404, errorType: "not_found_error" }, 130],
  ["the first of its statuses amber", { status: 400, errorType: "invalid_request_error" }, 130],
  ["the first of ours red", { status: 500, errorType: "api_error" }, 160],
  ["a client that went away grey", { status: 499 }, 243],
  ["what failed red", { status: 502, errorType: "api_error" }, 160],
])("a terminal shows %s, and why in the same colour", (_, changes, color) => {
  const look = { paint: createPaint(true), columns: 80 };
  const record = createRecord(changes);
  expect(formatRequestLine(record, look)).toContain(`\u001b[38;5;${color}m${record.status}\u001b[39m`);
  if (record.status !== 200 || record.errorType !== null) {
    expect(formatEnd("why\nit", record, look)).toBe(
      `\u001b[38;5;${color}m          why\u001b[39m\n\u001b[38;5;${color}mit\u001b[39m`,
    );
  }
});

describe("where clients have names", () => {
  test.each<[string, Partial<RequestRecord>, string, string]>([
    [
      "the client stands before the model",
      { client: "ci" },
      "09:05:07  ci          openai/gpt-5.2     200    20,345 in      512 out    4.1 s",
      "09:05:07  ci                sonnet-4-5 → openai/gpt-5.2                 200    20,345 in    8,000 cached      512 out    4.1 s  125 tok/s",
    ],
    [
      "a long name loses its middle",
      { client: "the-team-with-a-long-name" },
      "09:05:07  the-t…name  openai/gpt-5.2     200    20,345 in      512 out    4.1 s",
      "09:05:07  the-team…ng-name  sonnet-4-5 → openai/gpt-5.2                 200    20,345 in    8,000 cached      512 out    4.1 s  125 tok/s",
    ],
    [
      "nobody leaves the column blank",
      { client: null, ...failure, status: 401 },
      "09:05:07              claude-sonnet-4-5  401                              0.0 s",
      "09:05:07                    claude-sonnet-4-5                           401                                              0.0 s",
    ],
  ])("%s", (_, changes, narrow, wide) => {
    expect([at(80, changes), at(140, changes)]).toEqual([narrow, wide]);
    expect(
      Math.max(...[80, 110].map((columns) => at(columns, changes).length - columns)),
    ).toBeLessThanOrEqual(0);
  });
});

test("where there are several upstreams, the one that answered stands before its model", () => {
  const several = { upstream: "deepseek", upstreamModel: "deepseek-v4-pro" };
  expect(at(120, { ...several, clientModel: "claude-opus-5-5" })).toContain(
    "  opus-5-5 → deepseek/deepseek-v4-pro  ",
  );
  expect(at(80, { ...several, clientModel: "claude-opus-5-5" })).toContain("  deepseek/deepseek-v4-pro  ");
  expect(at(120, { ...several, clientModel: "deepseek/deepseek-v4-pro" })).toContain(
    "  deepseek/deepseek-v4-pro    ",
  );
});
