import { describe, expect, test } from "bun:test";
import { describePlace } from "../../src/dashboard/page/exchange/describe-place.ts";
import {
  explainContext,
  explainCost,
  explainModel,
  explainPrefix,
  explainTime,
} from "../../src/dashboard/page/exchange/explain-exchange.ts";
import { layAttempts } from "../../src/dashboard/page/exchange/lay-attempts.ts";
import {
  countCacheShare,
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatUsd,
  formatUsdSum,
} from "../../src/dashboard/page/parts/format.ts";
import { toVisibleText } from "../../src/dashboard/page/parts/visible-text.ts";
import { describeAsker } from "../../src/dashboard/page/requests/describe-request.ts";
import { addNewest, findLastSeq, mergeRequests } from "../../src/dashboard/page/requests/merge-requests.ts";
import { formatRoute, parseRoute } from "../../src/dashboard/page/shell/route.ts";
import { createRequest } from "./support/sample-requests.ts";

describe("numbers are short, and what is unknown is never zero", () => {
  test("counts", () => {
    const counts = [null, 0, 999, 1000, 99_949, 99_950, 999_499, 999_500, 12_345_678, 123_456_789];
    expect(counts.map(formatCount)).toEqual([
      "?",
      "0",
      "999",
      "1.0k",
      "99.9k",
      "100k",
      "999k",
      "1.0M",
      "12.3M",
      "123M",
    ]);
  });
  test("dollars", () => {
    expect([null, 0, 0.00001, 0.0123, 0.41, 12].map(formatUsd)).toEqual([
      "?",
      "$0",
      "<$0.0001",
      "$0.0123",
      "$0.41",
      "$12.00",
    ]);
    expect([formatUsdSum(1.24, 0), formatUsdSum(1.24, 2), formatUsdSum(0, 2)]).toEqual([
      "$1.24",
      "$1.24 + ?",
      "?",
    ]);
  });
  test("times and sizes", () => {
    const times = [null, 0.4, 999, 999.6, 9994, 59_949, 59_950, 3_599_000, 3_600_000, 86_400_000];
    expect(times.map(formatDuration)).toEqual([
      "?",
      "0 ms",
      "999 ms",
      "1.00 s",
      "9.99 s",
      "59.9 s",
      "1 min 0 s",
      "59 min 59 s",
      "1 h 0 min",
      "1 d 0 h",
    ]);
    expect([null, 999, 1000, 1_200_000].map(formatBytes)).toEqual(["?", "999 B", "1.0 kB", "1.2 MB"]);
  });
  test("shares", () => {
    expect([null, 0, 0.004, 0.5, 0.999, 1].map(formatShare)).toEqual([
      "?",
      "0%",
      "<1%",
      "50%",
      ">99%",
      "100%",
    ]);
    expect(countCacheShare({ inputTokens: 100, cacheReadTokens: 300, cacheWriteTokens: null })).toBe(0.75);
    expect(countCacheShare({ inputTokens: 100, cacheReadTokens: null, cacheWriteTokens: null })).toBe(null);
  });
});

test("what is not seen in a text is made visible", () => {
  expect(toVisibleText("a\u0000\u001b[1m\u007f\u009b\u202eb\u200b\r\n\tc\u{e0041}é漢😀")).toBe(
    "a␀␛[1m␡⟨009B⟩⟨202E⟩b⟨200B⟩␍\n\tc⟨E0041⟩é漢😀",
  );
});

describe("an address", () => {
  test.each([
    ["#/requests/a%2Fb?filter=is%3Aerror", { view: "requests", id: "a/b", settings: { filter: "is:error" } }],
    ["#/usage?range=7d", { view: "usage", id: null, settings: { range: "7d" } }],
    ["#/requests", { view: "requests", id: null, settings: {} }],
  ] as const)("%s", (address, route) => {
    expect(parseRoute(address)).toEqual(route);
    expect(formatRoute(route)).toBe(address);
  });
  test("that is unknown or broken shows the requests", () => {
    expect(["", "#", "#/nothing", "#/__proto__"].map((hash) => parseRoute(hash).view)).toEqual(
      Array.from({ length: 4 }, () => "requests"),
    );
    expect(parseRoute("#/requests/%E0%").id).toBe("%E0%");
  });
});

describe("the list", () => {
  const request = (seq: number, timeMs: number) => createRequest({ seq, timeMs });
  const seqsOf = (requests: readonly { seq: number }[]) => requests.map(({ seq }) => seq);
  test("has each request once, by the time when it came", () => {
    const shown = [request(3, 30), request(1, 10)];
    expect(seqsOf(mergeRequests(shown, [request(2, 30), request(3, 30), request(4, 20)]))).toEqual([
      3, 2, 4, 1,
    ]);
    expect(findLastSeq(shown)).toBe(3);
  });
  test("takes no request into an unfinished end, where others are still missing", () => {
    const requests = [request(9, 90), request(8, 80)];
    const late = [request(10, 10), request(11, 85)];
    expect(seqsOf(addNewest({ requests, hasMore: true }, late).requests)).toEqual([9, 11, 8]);
    expect(seqsOf(addNewest({ requests, hasMore: false }, late).requests)).toEqual([9, 11, 8, 10]);
  });
  test("does not grow without end", () => {
    const requests = Array.from({ length: 5000 }, (_, index) => request(5000 - index, 5000 - index));
    const { requests: kept, hasMore } = addNewest({ requests, hasMore: false }, [request(5001, 5001)]);
    expect([kept.length, kept[0]?.seq, kept.at(-1)?.seq, hasMore]).toEqual([5000, 5001, 2, true]);
  });
});

describe("an exchange in words", () => {
  const usual = createRequest({ seq: 1 });
  test("why this model", () => {
    expect(explainModel({ ...usual, rule: null, family: null, protocol: null })).toBe(
      "The client asked for claude-opus-4-6. It went to glm-4.6 at zai.",
    );
    expect(explainModel({ ...usual, model: null, upstream: null, clientModel: null })).toBe(
      "The request named no model. No model was chosen.",
    );
  });
  test("what it cost, and why that is not known", () => {
    const unknown = { ...usual, costUsd: null, costSource: null };
    expect([
      explainCost(usual),
      explainCost({ ...usual, costUsd: 0, costSource: "upstream" }),
      explainCost(unknown),
      explainCost({ ...unknown, usageEstimated: true }),
      explainCost({ ...unknown, outputTokens: null }),
    ]).toEqual([
      "$0.0123, tokens times the price of the model.",
      "$0, as the upstream says.",
      "Unknown, as no price of this model is known. Set it as price in models of config.yaml.",
      "Unknown, as the upstream did not count its tokens; the counts are ours.",
      "Unknown, as nothing was answered that counts.",
    ]);
  });
  test("the window and the cache", () => {
    expect(explainContext(usual, 55_200)).toBe(
      "28% of the window of 200,000 tokens. 98% of the prompt came from the cache.",
    );
    expect(explainContext({ ...usual, window: null, cacheReadTokens: null }, 1200)).toBe(
      "The window of the model is not known.",
    );
    expect(explainPrefix({ sameBytes: 9, previousBytes: 9, place: null })).toBe(
      "Not broken: this request only continues the turn before.",
    );
    expect(explainPrefix({ sameBytes: 1200, previousBytes: 9000, place: "tools[3]" })).toBe(
      "Broken: tool 4 (tools[3]) is not as in the turn before. Only the first 1,200 of its 9,000 bytes are the same; from there on no cache can be used.",
    );
  });
  test.each([
    ["tools[1].function.description", "the description of tool 2 (tools[1].function.description)"],
    ["tools[0].input_schema.properties.a", "the schema of tool 1 (tools[0].input_schema.properties.a)"],
    ["tools", "the list of tools"],
    ["messages[4].content[0].text", "message 5 (messages[4].content[0].text)"],
    ["input[0]", "message 1 (input[0])"],
    ["system[2].text", "the system prompt (system[2].text)"],
    ["model", "the model"],
    ["reasoning_effort", "reasoning_effort"],
    ['["a b"]', '["a b"]'],
  ])("where %s is", (path, words) => {
    expect(describePlace(path)).toBe(words);
  });
  test("when it began, how long it took, and how often it was sent", () => {
    const times = { firstByteMs: 820, durationMs: 6400, tokensPerSecond: 61, sends: 1 };
    expect(explainTime(times)).toBe("6.40 s in all, the first byte after 820 ms, 61.0 tokens a second.");
    expect(explainTime({ ...times, firstByteMs: null, tokensPerSecond: null, sends: 3 })).toBe(
      "6.40 s in all, sent 3 times.",
    );
  });
  test("attempts on a line of the whole time, also if they took longer than it", () => {
    const attempt = { upstream: "a", model: "m", key: null, status: 200, error: null, ms: 50 };
    const laid = layAttempts({
      durationMs: 100,
      attempts: [{ ...attempt, status: null, error: "reset" }, attempt],
    });
    expect(
      laid.map(({ isFailed, startPercent, lengthPercent }) => [isFailed, startPercent, lengthPercent]),
    ).toEqual([
      [true, 0, 50],
      [false, 50, 50],
    ]);
    expect(layAttempts({ durationMs: 10, attempts: [attempt] })[0]?.lengthPercent).toBe(100);
  });
});

test("who asked: the kind is said where it says more than the agent", () => {
  const asked = (changes: object) =>
    describeAsker({ agentType: null, agentId: null, kind: "main", ...changes });
  expect([
    asked({}),
    asked({ agentType: "Explore", agentId: "a", kind: "subagent" }),
    asked({ agentId: "a", kind: null }),
    asked({ agentType: "Explore", kind: "compaction" }),
  ]).toEqual(["main", "Explore", "sub-agent", "Explore, compaction"]);
});
