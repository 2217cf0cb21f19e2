import { describe, expect, test } from "bun:test";
import {
  findCoolDown,
  findMove,
  findStatus,
  isFaultOfTarget,
  type MoveFacts,
} from "../../../src/relay/failover/moves-on.ts";
import { UpstreamError, type UpstreamErrorKind } from "../../../src/upstream/upstream-error.ts";

const nothing: MoveFacts = { hasOtherKey: false, usesClientAccount: false, window: null, nextWindow: null };

const http = (status: number, message = "it says no", headers: Record<string, string> = {}) =>
  new UpstreamError("http", "x", { status, body: { error: { message } }, headers });

const moveOf = (error: UpstreamError, facts: Partial<MoveFacts> = {}) =>
  findMove(error, { ...nothing, ...facts });

describe("where a request goes on", () => {
  test.each([401, 402, 403, 404, 405, 408, 409, 429, 500, 501, 502, 503, 504, 520, 529])(
    "after %p: to the next target",
    (status) => expect(moveOf(http(status))).toBe("next-target"),
  );

  test.each([400, 406, 411, 413, 414, 415, 422, 431])("after %p: nowhere", (status) =>
    expect(moveOf(http(status), { hasOtherKey: true, nextWindow: 1_000_000 })).toBe("stop"),
  );

  test.each([401, 402, 429])("after %p where there is another key: to that", (status) =>
    expect(moveOf(http(status), { hasOtherKey: true })).toBe("next-key"),
  );

  test("after 401 to the client's own account: nowhere", () =>
    expect(moveOf(http(401), { usesClientAccount: true })).toBe("stop"));

  test.each([402, 403, 429])("after %p to the client's own account: to the next target", (status) =>
    expect(moveOf(http(status), { usesClientAccount: true })).toBe("next-target"),
  );

  test.each([403, 404, 500])("after %p to the next target even then", (status) =>
    expect(moveOf(http(status), { hasOtherKey: true })).toBe("next-target"),
  );

  test.each<[UpstreamErrorKind, string]>([
    ["network", "next-target"],
    ["timeout", "next-target"],
    ["malformed", "next-target"],
    ["aborted", "stop"],
  ])("after %p: %p", (kind, move) => {
    expect(moveOf(new UpstreamError(kind, "x"), { hasOtherKey: true })).toBe(move as "stop");
  });

  test.each([
    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.",
    "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
  ])("after 400 for want of money: to the next key or target: %s", (text) => {
    expect(moveOf(http(400, text))).toBe("next-target");
    expect(moveOf(http(400, text), { hasOtherKey: true })).toBe("next-key");
  });

  test("after a redirect: to the next target", () => {
    expect(moveOf(new UpstreamError("http", "x", { status: 302, setUp: "doubtful" }))).toBe("next-target");
  });

  test.each([
    ["a quota in a 500", 500, "insufficient_quota: your balance is spent", "next-key"],
    ["a quota in a 400", 400, "Insufficient balance (insufficient_balance)", "next-key"],
    ["Groq's limit of tokens a minute", 413, "Limit 6000 tokens per minute", "next-key"],
    ["an unknown model", 400, "'x' is not a valid model id", "next-target"],
    ["no tools", 400, "x does not support tools", "next-target"],
    ["no images", 400, "this model does not support image input", "next-target"],
    ["no images, unreadable", 422, "images are not supported by this model", "next-target"],
    ["one bad image", 400, "image format not supported", "stop"],
    ["a field", 400, "temperature must be below 2", "stop"],
  ])("after a text about %s (%p)", (_, status, message, move) => {
    expect(moveOf(http(status, message), { hasOtherKey: true })).toBe(move as "stop");
  });

  test.each([
    [{ message: "overloaded", type: "server_is_overloaded" }, "next-target"],
    [{ message: "slow", code: 429 }, "next-key"],
    [{ message: "it is over" }, "next-target"],
    [{ message: "invalid schema" }, "stop"],
  ])("after %j inside a success: %p", (error, move) => {
    const inside = new UpstreamError("http", "x", { status: 200, body: { error } });
    expect(moveOf(inside, { hasOtherKey: true })).toBe(move as "stop");
  });
});

describe("after an overflow", () => {
  const named = http(400, "This model's maximum context length is 32000 tokens.");
  const unnamed = http(400, "prompt is too long");
  const ofFifty = http(400, "prompt is too long: 50000 tokens > 32000 maximum");

  test.each<[string, UpstreamError, Partial<MoveFacts>, string]>([
    ["a larger window", named, { nextWindow: 32_001 }, "next-target"],
    ["the same window", named, { nextWindow: 32_000 }, "stop"],
    ["windows that nobody knows", named, {}, "stop"],
    ["what the upstream said, over what was known", named, { window: 8000, nextWindow: 16_000 }, "stop"],
    ["what was known", unnamed, { window: 8000, nextWindow: 16_000 }, "next-target"],
    ["nothing to compare with", unnamed, { nextWindow: 16_000 }, "stop"],
    ["room for the prompt", ofFifty, { nextWindow: 64_000 }, "next-target"],
    ["too little room for it", ofFifty, { nextWindow: 40_000 }, "stop"],
    ["a 500 that says so", http(500, "context size has been exceeded"), { nextWindow: 9000 }, "stop"],
  ])("by %s", (_, error, facts, move) => expect(moveOf(error, facts)).toBe(move as "stop"));

  test("a key says nothing about it", () => {
    expect(moveOf(named, { hasOtherKey: true, nextWindow: 64_000 })).toBe("next-target");
  });
});

describe("whose fault it was", () => {
  test.each<[UpstreamError, boolean]>([
    [http(500), true],
    [http(429), true],
    [http(401), true],
    [http(402), true],
    [http(404, "model not found"), true],
    [http(400, "model not found"), true],
    [new UpstreamError("network", "x"), true],
    [new UpstreamError("timeout", "x"), true],
    [new UpstreamError("malformed", "x"), true],
    [new UpstreamError("aborted", "x"), false],
    [http(403), false],
    [http(400), false],
    [http(422), false],
    [http(404, "No endpoints found that support tool use"), false],
    [http(500, "this model does not support image input"), false],
    [http(400, "prompt is too long: 50000 tokens > 32000 maximum"), false],
  ])("%o: the target's? %p", (error, expected) =>
    expect(isFaultOfTarget(error, { usesClientAccount: false })).toBe(expected),
  );

  test.each([
    [401, false],
    [402, false],
    [403, false],
    [429, false],
    [404, false],
    [500, true],
    [529, true],
  ])("%p to the client's own account: the target's? %p", (status, expected) =>
    expect(isFaultOfTarget(http(status), { usesClientAccount: true })).toBe(expected),
  );
});

describe("how long a key is left alone", () => {
  test.each<[string, UpstreamError, number | null]>([
    ["429: a minute", http(429), 60],
    ["429 of a day: an hour", http(429, "limit per day reached"), 3600],
    ["429 with its own time", http(429, "", { "retry-after": "7" }), 7],
    ["429 with it in the text", http(429, "try again in 12.5s"), 13],
    ["402: half an hour", http(402), 1800],
    ["a quota text", http(500, "insufficient_quota"), 1800],
    [
      "no credit at Anthropic",
      http(400, "Your credit balance is too low to access the Anthropic API."),
      1800,
    ],
    ["its limit spent", http(400, "You have reached your specified API usage limits."), 1800],
    ["402 with its own time", http(402, "", { "retry-after": "90" }), 90],
    ["401: an hour", http(401), 3600],
    ["not at all for another status", http(403), null],
    ["not at all without an answer", new UpstreamError("network", "x"), null],
  ])("%s", (_, error, seconds) => expect(findCoolDown(error)).toBe(seconds));
});

test("the status is the upstream's own, made exact by its words; none without an answer", () => {
  const statuses = [http(503), http(503, "overloaded"), http(400), new UpstreamError("timeout", "x")];
  expect(statuses.map(findStatus)).toEqual([503, 529, 400, null]);
});
