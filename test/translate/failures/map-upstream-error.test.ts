import { describe, expect, test } from "bun:test";
import type { ApiError } from "../../../src/anthropic/api-error.ts";
import { mapUpstreamError } from "../../../src/translate/failures/map-upstream-error.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import { errorContext } from "../../support/error-context.ts";
import { type ErrorFixture, errorFixtureNames, readErrorFixture, upstreamErrorOf } from "./error-fixture.ts";

const unknown = errorContext;

function told({ type, status, message, headers }: ApiError): ErrorFixture["expected"] {
  return { type, status, message, headers };
}

describe("the body of an error", async () => {
  for (const name of errorFixtureNames) {
    const fixture = await readErrorFixture(name);
    test(`[${fixture.rules.join(" ")}] ${name}`, () => {
      const error = mapUpstreamError(upstreamErrorOf(fixture), { ...unknown, ...fixture.context });
      expect(told(error)).toEqual(fixture.expected);
    });
  }
});

describe("a failure without an answer", () => {
  test("[5.2:network] an upstream that cannot be reached is 502 with its host and the code", () => {
    const error = new UpstreamError("network", "cannot reach 127.0.0.1:1: ECONNREFUSED", {
      host: "127.0.0.1:1",
    });
    expect(told(mapUpstreamError(error, unknown))).toEqual({
      type: "api_error",
      status: 502,
      message: "cannot reach 127.0.0.1:1: ECONNREFUSED",
      headers: {},
    });
  });

  test("[5.2:timeout] a time limit of ours is 504", () => {
    const error = new UpstreamError("timeout", "upstream.test did not answer within 300 seconds");
    expect(told(mapUpstreamError(error, unknown))).toEqual({
      type: "timeout_error",
      status: 504,
      message: "upstream.test did not answer within 300 seconds",
      headers: {},
    });
  });

  test("[4.8:page] an answer that is no Chat Completions is 502", () => {
    const error = new UpstreamError("malformed", "upstream answered text/html (Hello)");
    expect(told(mapUpstreamError(error, unknown))).toEqual({
      type: "api_error",
      status: 502,
      message: "upstream answered text/html (Hello)",
      headers: {},
    });
  });

  test("a refused redirect is 502, whatever its body says", () => {
    const error = new UpstreamError("http", "refused redirect to evil.example", {
      status: 307,
      body: "moved",
    });
    expect(told(mapUpstreamError(error, unknown))).toEqual({
      type: "api_error",
      status: 502,
      message: "refused redirect to evil.example",
      headers: {},
    });
  });

  test("a request that was given up is 499", () => {
    const error = new UpstreamError("aborted", "The request was given up");
    expect(told(mapUpstreamError(error, unknown))).toEqual({
      type: "api_error",
      status: 499,
      message: "The request was given up",
      headers: {},
    });
  });

  test("the error keeps its cause", () => {
    const cause = new UpstreamError("malformed", "no");
    expect(mapUpstreamError(cause, unknown).cause).toBe(cause);
  });
});

describe("context overflow without numbers", () => {
  const body = { error: { message: "Context size has been exceeded." } };
  const overflow = () => new UpstreamError("http", "400", { status: 400, body });
  const cases: [string, Partial<typeof unknown> | object, string][] = [
    [
      "an estimate over the known window is told",
      { estimatedInputTokens: 9000, contextWindow: 8192 },
      "prompt is too long: 9000 tokens > 8192 maximum",
    ],
    [
      "an estimate below the window is wrong: there is one token too many at least",
      { estimatedInputTokens: 8000, contextWindow: 8192 },
      "prompt is too long: 8193 tokens > 8192 maximum",
    ],
    [
      "no window, no numbers",
      { estimatedInputTokens: 9000 },
      "prompt is too long (capability_rejected: prompt_too_long; upstream: Context size has been exceeded.)",
    ],
  ];
  test.each(cases)("[5.3:unknown] %s", (_name, known, message) => {
    expect(told(mapUpstreamError(overflow(), { ...unknown, ...known }))).toEqual({
      type: "invalid_request_error",
      status: 400,
      message,
      headers: {},
    });
  });

  test.each<[text: string, tokens: number | null, message: string]>([
    [
      "total message size 4200000 exceeds limit 2100000",
      9001,
      "prompt is too long: 9001 tokens > 4500 maximum",
    ],
    [
      "Total message size 2,097,153 bytes exceeds the limit of 2,097,152",
      9000,
      "prompt is too long: 9000 tokens > 8999 maximum",
    ],
    ["total message size 4200000 exceeds limit 1", 9000, "prompt is too long: 9000 tokens > 1 maximum"],
    [
      "total message size 4200000 exceeds limit 2100000",
      null,
      "prompt is too long (capability_rejected: prompt_too_long; upstream: total message size 4200000 exceeds limit 2100000)",
    ],
  ])("[5.3:bytes] %s, of %p tokens", (text, estimatedInputTokens, message) => {
    const error = new UpstreamError("http", "400", { status: 400, body: { error: { message: text } } });
    const context = { ...unknown, estimatedInputTokens, contextWindow: 200_000 };
    const shown = message.includes("capability") ? { ...context, contextWindow: null } : context;
    expect(told(mapUpstreamError(error, shown)).message).toBe(message);
  });

  test("[5.3:recognised] a text on the window under another status is no overflow", () => {
    const error = new UpstreamError("http", "404", { status: 404, body });
    expect(mapUpstreamError(error, unknown)).toMatchObject({ status: 424, type: "not_found_error" });
  });
});

test.each([
  [519, 502],
  [520, 529],
  [526, 529],
  [527, 529],
  [528, 502],
])("[5.2:529] Cloudflare's %d is told as %d", (sent, status) => {
  const error = new UpstreamError("http", `upstream.test answered ${sent}`, { status: sent, body: "" });
  expect(mapUpstreamError(error, unknown).status).toBe(status);
});
