import { describe, expect, test } from "bun:test";
import { ApiError } from "../../src/anthropic/api-error.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { createExchange } from "../../src/relay/exchange.ts";
import { causeCodeOf } from "../../src/upstream/error-code.ts";

/** An exchange, and what it has put into the log. */
function begin(url = "http://127.0.0.1/v1/messages?key=secret") {
  const records: RequestRecord[] = [];
  const errors: unknown[] = [];
  const time = new Date(2026, 10, 24);
  const exchange = createExchange(new Request(url, { method: "POST" }), {
    requestId: "req_1",
    now: () => time,
    logger: {
      request: (record) => records.push(record),
      error: (_, fields) => errors.push(fields?.["message"]),
    },
  });
  return { exchange, records, errors, time };
}

/** The record of an exchange to which all this has happened. */
function recordOf(happen: (exchange: ReturnType<typeof begin>["exchange"]) => void): Partial<RequestRecord> {
  const { exchange, records } = begin();
  happen(exchange);
  exchange.end();
  expect(records).toHaveLength(1);
  return records[0] ?? {};
}

const told = { costUsd: 0.5, promptTokens: 7 };
const usage = {
  input_tokens: 7,
  output_tokens: 8,
  cache_read_input_tokens: 5,
  cache_creation_input_tokens: 6,
  output_tokens_details: { thinking_tokens: 3 },
};
type Translator = Parameters<ReturnType<typeof begin>["exchange"]["noteAnswer"]>[0];

/** What a translator knows at the end of an answer. */
function translatorOf(summary: object, upstreamUsage: object | null): Translator {
  const known: object = {
    summary: { stopReason: "end_turn", usage: null, upstreamId: null, warnings: [], ...summary },
    upstreamUsage,
  };
  return known as Translator;
}

describe("the record of a request", () => {
  test("to which nothing has happened", () => {
    const { exchange, records, time } = begin();
    exchange.end();
    expect(records).toEqual([
      {
        requestId: "req_1",
        time,
        method: "POST",
        path: "/v1/messages",
        kind: null,
        clientModel: null,
        upstreamModel: null,
        upstream: null,
        protocol: null,
        stream: null,
        status: 200,
        stopReason: null,
        inputTokens: null,
        outputTokens: null,
        cacheReadTokens: null,
        cacheWriteTokens: null,
        thinkingTokens: null,
        usageEstimated: false,
        durationMs: expect.any(Number),
        firstByteMs: null,
        tokensPerSecond: null,
        upstreamRequestId: null,
        attempts: 0,
        tried: [],
        dropped: [],
        repairs: [],
        warnings: [],
        errorType: null,
        errorMessage: null,
        phase: null,
        causeCode: null,
        events: null,
        sessionId: null,
        costUsd: null,
        estimateErrorPercent: null,
      },
    ]);
  });

  test.each([
    ["http://127.0.0.1/v1/messages?key=secret", "/v1/messages"],
    ["http://127.0.0.1/#part", "/"],
    ["http://127.0.0.1", "/"],
    ["https://host.example:8080/a/b%20c", "/a/b%20c"],
  ])("of %s has the path %s", (url, path) => {
    expect(begin(url).exchange.fields.path).toBe(path);
  });

  test("has what the answer told", () => {
    const record = recordOf((exchange) => {
      exchange.noteAnswer(translatorOf({ usage, upstreamId: "up_1", warnings: ["w"] }, told));
    });
    expect(record).toMatchObject({
      stopReason: "end_turn",
      inputTokens: 7,
      outputTokens: 8,
      cacheReadTokens: 5,
      cacheWriteTokens: 6,
      thinkingTokens: 3,
      usageEstimated: false,
      costUsd: 0.5,
      upstreamRequestId: "up_1",
      warnings: ["w"],
    });
  });

  test.each<[string, object | null, object | null, boolean]>([
    ["told", usage, told, false],
    ["counted by us", usage, null, true],
    ["missing", null, null, false],
  ])("says whether the usage was estimated: %s", (_, known, upstream, usageEstimated) => {
    const record = recordOf((exchange) => exchange.noteAnswer(translatorOf({ usage: known }, upstream)));
    expect(record).toMatchObject({ usageEstimated, costUsd: upstream === null ? null : 0.5 });
  });

  test("keeps the upstream's id of the head", () => {
    const record = recordOf((exchange) => {
      exchange.fields.upstreamRequestId = "head";
      exchange.noteAnswer(translatorOf({ upstreamId: "body" }, null));
    });
    expect(record.upstreamRequestId).toBe("head");
  });

  test("has the error that was told, and the code at its bottom", () => {
    const cause = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const record = recordOf((exchange) => {
      exchange.noteStatus(502);
      exchange.noteError(new ApiError("api_error", "no", { cause }), "body");
    });
    expect(record).toMatchObject({
      status: 502,
      errorType: "api_error",
      errorMessage: "no",
      phase: "body",
      causeCode: "ECONNRESET",
    });
  });

  test("of a client that is gone has no error and no other status: it was told nothing", () => {
    const record = recordOf((exchange) => {
      exchange.noteClientGone();
      exchange.noteError(new ApiError("api_error", "no"), "body");
      exchange.noteStatus(502);
    });
    expect(record).toMatchObject({ status: 499, errorType: null, errorMessage: null, phase: "client" });
  });

  test("is written once, behind all that is given back, whatever fails", () => {
    const { exchange, records, errors } = begin();
    const released: string[] = [];
    exchange.onEnd(() => released.push(`first ${records.length}`));
    exchange.onEnd(() => {
      throw new Error("cannot be given back");
    });
    exchange.onEnd(() => released.push(`last ${records.length}`));
    expect(released).toEqual([]);
    exchange.end();
    exchange.end();
    exchange.onEnd(() => released.push("late"));
    expect(released).toEqual(["first 0", "last 0", "late"]);
    expect([records.length, errors]).toEqual([1, ["cannot be given back"]]);
  });
});

describe("the speed of an answer", () => {
  const speedOf = async (stream: boolean, outputTokens: number | null, hasBegun = true) => {
    const { exchange, records } = begin();
    Object.assign(exchange.fields, { stream, outputTokens });
    await Bun.sleep(60);
    if (hasBegun) exchange.noteFirstByte();
    await Bun.sleep(40);
    exchange.end();
    const [
      { tokensPerSecond, durationMs, firstByteMs } = { tokensPerSecond: 0, durationMs: 0, firstByteMs: 0 },
    ] = records;
    return { tokensPerSecond, durationMs, firstByteMs };
  };

  test("is that of the time behind its first byte in a stream, and of all of it in a whole answer", async () => {
    const streamed = await speedOf(true, 100);
    expect(streamed.tokensPerSecond).toBeCloseTo(
      100_000 / (streamed.durationMs - (streamed.firstByteMs ?? 0)),
      6,
    );
    const whole = await speedOf(false, 100);
    expect(whole.tokensPerSecond).toBeCloseTo(100_000 / whole.durationMs, 6);
    expect(streamed.firstByteMs).toBeWithin(55, streamed.durationMs - 35);
  });

  test.each<[string, boolean, number | null, boolean]>([
    ["a stream that has not begun", true, 100, false],
    ["no tokens", false, 0, true],
    ["tokens that nobody knows", false, null, true],
  ])("is none of %s", async (_, stream, tokens, hasBegun) => {
    expect((await speedOf(stream, tokens, hasBegun)).tokensPerSecond).toBeNull();
  });

  test("is none of what took no time", () => {
    const { exchange, records } = begin();
    Object.assign(exchange.fields, { stream: true, outputTokens: 5 });
    exchange.noteFirstByte();
    exchange.end();
    expect(records[0]?.tokensPerSecond).toBeNull();
  });
});

describe("the code at the bottom of an error", () => {
  const withCode = (code: unknown, cause?: unknown) => Object.assign(new Error("x", { cause }), { code });
  const wrap = (error: Error, times: number): Error =>
    times === 0 ? error : wrap(new Error("around", { cause: error }), times - 1);

  test.each<[string, Error, string | null]>([
    ["its own", withCode("ECONNRESET"), "ECONNRESET"],
    ["that of its cause", wrap(withCode("ECONNRESET"), 1), "ECONNRESET"],
    ["that of its fifth cause", wrap(withCode("ECONNRESET"), 5), "ECONNRESET"],
    ["not that of its sixth", wrap(withCode("ECONNRESET"), 6), null],
    ["the first that is one", withCode("no code", withCode("EPIPE")), "EPIPE"],
    ["no number", withCode(7), null],
    ["nothing short", withCode("AB"), null],
    ["three characters", withCode("ABC"), "ABC"],
    ["64 characters", withCode("A".repeat(64)), "A".repeat(64)],
    ["nothing longer", withCode("A".repeat(65)), null],
    ["nothing in small letters", withCode("econnreset"), null],
    ["no address", withCode("HTTP://HOST"), null],
    ["none where there is none", new Error("x", { cause: "ECONNRESET" }), null],
  ])("%s", (_, error, code) => {
    expect(causeCodeOf(error)).toBe(code);
  });
});
