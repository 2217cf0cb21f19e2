import { describe, expect, test } from "bun:test";
import { readErrorBody } from "../../../src/translate/failures/error-facts.ts";
import { deriveRetryAfter, readRetryAfter } from "../../../src/translate/failures/retry-after.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";

const date = "Tue, 24 Nov 2026 12:00:00 GMT";

function errorWith(headers: Record<string, string>, body: unknown = ""): UpstreamError {
  return new UpstreamError("http", "429", { status: 429, headers: { date, ...headers }, body });
}

describe("what the upstream says outright", () => {
  const cases: [string, Record<string, string>, string | undefined][] = [
    ["seconds", { "retry-after": "7" }, "7"],
    ["a part of a second counts as a whole one", { "retry-after": "0.2" }, "1"],
    ["milliseconds", { "retry-after-ms": "2500" }, "3"],
    ["milliseconds before seconds", { "retry-after-ms": "2500", "retry-after": "60" }, "3"],
    ["an HTTP date, by the upstream's clock", { "retry-after": "Tue, 24 Nov 2026 12:01:30 GMT" }, "90"],
    [
      "a date in December, which holds no minutes",
      { "retry-after": "Wed, 02 Dec 2026 12:00:00 GMT" },
      "86400",
    ],
    ["a date that has passed", { "retry-after": "Tue, 24 Nov 2026 11:00:00 GMT" }, undefined],
    ["zero", { "retry-after": "0" }, undefined],
    ["less than nothing", { "retry-after": "-5" }, undefined],
    ["no number", { "retry-after": "soon" }, undefined],
    ["nothing", { "retry-after": "" }, undefined],
    ["a number beyond reason is a day", { "retry-after": "1e9" }, "86400"],
    ["[F15] hexadecimal", { "retry-after": "0x10" }, undefined],
    ["[F15] two values in one", { "retry-after": "5, 5" }, undefined],
    ["[F15] milliseconds without end", { "retry-after-ms": "1e999", "retry-after": "7" }, "7"],
    ["[F15] 400 digits", { "retry-after": "9".repeat(400) }, undefined],
    ["a year below zero", { "retry-after": "-2050" }, undefined],
    ["words with a year in them", { "retry-after": "soon 2050" }, undefined],
    ["a date as ISO 8601 has it", { "retry-after": "2026-11-24T12:00:10Z" }, "10"],
    ["no header", {}, undefined],
  ];
  test.each(cases)("[8.1:retry-after] %s", (_name, headers, expected) => {
    expect(readRetryAfter(errorWith(headers))).toBe(expected);
  });
});

describe("what a rate limit tells otherwise", () => {
  const cases: [string, Record<string, string>, unknown, string | undefined][] = [
    ["retry-after first", { "retry-after": "3", "x-ratelimit-reset-requests": "9s" }, "", "3"],
    ["a reset as a duration", { "x-ratelimit-reset-requests": "1m2.5s" }, "", "63"],
    ["a reset in milliseconds", { "x-ratelimit-reset-tokens": "450ms" }, "", "1"],
    ["a reset in hours", { "x-ratelimit-reset-requests": "1h0m5s" }, "", "3605"],
    ["no header of another name", { "x-session-reset": "9s", age: "7s" }, "", undefined],
    ["the longest of two", { "x-ratelimit-reset-requests": "2s", "x-ratelimit-reset-tokens": "5s" }, "", "5"],
    [
      "not one that is not used up",
      {
        "x-ratelimit-reset-requests": "2s",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-tokens": "6m0s",
        "x-ratelimit-remaining-tokens": "149",
      },
      "",
      "2",
    ],
    ["a reset as an epoch in seconds", { "x-ratelimit-reset": "1795521610" }, "", "10"],
    ["a reset as an epoch in milliseconds", { "x-ratelimit-reset": "1795521620500" }, "", "21"],
    [
      "OpenRouter's copy in the body",
      {},
      { error: { message: "no", metadata: { headers: { "X-RateLimit-Reset": "1795521660000" } } } },
      "60",
    ],
    ["a text in seconds", {}, { error: { message: "Please try again in 7.2s." } }, "8"],
    ["a text in minutes and seconds", {}, { error: { message: "Try again in 1m30s. Visit us" } }, "90"],
    ["a text in milliseconds", {}, { error: { message: "try again in 20 milliseconds" } }, "1"],
    ["a text in words", {}, { error: { message: "Please retry after 26 seconds." } }, "26"],
    ["a text in minutes", {}, { error: { message: "try again in 5 minutes" } }, "300"],
    ["a text without a wait", {}, { error: { message: "try again later" } }, undefined],
    ["the first wait that is one", {}, { error: { message: "retry in a bit, try again in 5s" } }, "5"],
    [
      "a remaining that is no number",
      { "x-ratelimit-reset": "9s", "x-ratelimit-remaining": "?" },
      "",
      undefined,
    ],
    [
      "[F13] a reset of another type",
      {},
      { error: { message: "no", metadata: { headers: { "X-RateLimit-Reset": { toString: 1 } } } } },
      undefined,
    ],
    [
      "[F15] an amount of 400 digits",
      {},
      { error: { message: `try again in ${"9".repeat(400)}s` } },
      undefined,
    ],
    ["digits that are no number", {}, { error: { message: "try again in 1.2.3s" } }, undefined],
  ];
  test.each(cases)("[5.2:429] %s", (_name, headers, body, expected) => {
    expect(deriveRetryAfter(errorWith(headers, body), readErrorBody(body))).toBe(expected);
  });

  test("[5.2:429] an epoch without the time of the answer tells nothing", () => {
    const error = new UpstreamError("http", "429", {
      status: 429,
      headers: { "x-ratelimit-reset": "1795521610" },
    });
    expect(deriveRetryAfter(error, readErrorBody(""))).toBeUndefined();
  });
});

/** Each was exponential in a regular expression that matches a duration in more than one way. */
const hostile = `${"1ms".repeat(40)}!`;
const long = `${"1ms".repeat(1_000_000)}!`;

test.each<[string, Record<string, string>, unknown]>([
  ["retry-after", { "retry-after": hostile }, ""],
  ["reset headers", Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`x-ratelimit-reset-${n}`, hostile])), ""],
  [
    "a copy of a header in the body",
    {},
    { error: { metadata: { headers: { "X-RateLimit-Reset": hostile } } } },
  ],
  ["a text", {}, { error: { message: `try again in ${hostile} `.repeat(14) } }],
  [
    "a header without end",
    { "retry-after": long, "x-ratelimit-reset": long, "x-ratelimit-reset-x": "1".repeat(1e6) },
    "",
  ],
  ["the time of the answer", { "retry-after": "Tue, 24 Nov 2026 12:00:00 GMT", date: long }, ""],
])("[F3] a wait that repeats itself in %s takes no time", (_name, headers, body) => {
  const startedAt = performance.now();
  deriveRetryAfter(errorWith(headers, body), readErrorBody(body));
  // One of these took seconds; all of them together now take less than a millisecond.
  expect(performance.now() - startedAt).toBeLessThan(500);
});
