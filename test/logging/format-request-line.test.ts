import { expect, test } from "bun:test";
import { formatRequestLine } from "../../src/logging/format-request-line.ts";
import { createRecord } from "./request-record.ts";

test("a request is one line: time, id, models, stream, status, stop reason, tokens, seconds, speed", () => {
  expect(formatRequestLine(createRecord(), false)).toBe(
    "09:05:07  req_011CSHoEeqs5C35K2UUqR7Fy  claude-sonnet-4-5 -> openai/gpt-5.2           stream  200  end_turn  " +
      "  in  12,345  out     512  cached   8,000    4.1 s  125 tok/s",
  );
});

test("a failure ends with its type and words, and unknown figures are dashes", () => {
  const record = createRecord({
    upstreamModel: null,
    stream: false,
    status: 529,
    stopReason: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    tokensPerSecond: null,
    durationMs: 40,
    errorType: "overloaded_error",
    errorMessage: "try again",
  });
  expect(formatRequestLine(record, false)).toBe(
    "09:05:07  req_011CSHoEeqs5C35K2UUqR7Fy  claude-sonnet-4-5 -> -                        whole   529  -         " +
      "  in       -  out       -  cached       -    0.0 s             overloaded_error: try again",
  );
});

test("estimated tokens are marked, and a request without a model shows its path", () => {
  const line = formatRequestLine(
    createRecord({ clientModel: null, path: "/v1/nothing", usageEstimated: true }),
    false,
  );
  expect(line).toBe(
    "09:05:07  req_011CSHoEeqs5C35K2UUqR7Fy  /v1/nothing -> openai/gpt-5.2                 stream  200  end_turn  " +
      "  in ~12,345  out    ~512  cached   8,000    4.1 s  125 tok/s",
  );
});

test("a count of tokens is told from an answer", () => {
  const record = createRecord({ path: "/v1/messages/count_tokens", stream: null, outputTokens: null });
  expect(formatRequestLine(record, false)).toContain("  count   200  ");
});

test("names from outside cannot colour or break the line", () => {
  const line = formatRequestLine(
    createRecord({ clientModel: "x\n\u001b[31m", stopReason: "a\u009b" }),
    false,
  );
  expect(line).toContain("x\\u000a\\u001b[31m -> openai/gpt-5.2");
  expect(line).not.toMatch(/\p{Cc}/u);
});

test.each([
  [200, "\u001b[32m200\u001b[39m"],
  [404, "\u001b[33m404\u001b[39m"],
  [502, "\u001b[31m502\u001b[39m"],
])("status %i has its colour on a terminal", (status, coloured) => {
  expect(formatRequestLine(createRecord({ status }), true)).toContain(`  ${coloured}  `);
});
