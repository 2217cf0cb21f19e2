import { describe, expect, test } from "bun:test";
import { countAnswerRates } from "../../../../src/dashboard/page/now/answer-rates.ts";
import { countMinutes } from "../../../../src/dashboard/page/now/minute-counts.ts";

describe("the rate of a running answer", () => {
  test("is what was sent between two questions", () => {
    const rates = countAnswerRates(
      [{ requestId: "a", elapsedMs: 1_000, answerBytes: 100 }],
      [
        { requestId: "a", elapsedMs: 3_000, answerBytes: 700 },
        { requestId: "new", elapsedMs: 10, answerBytes: 5 },
      ],
    );
    expect([...rates]).toEqual([["a", 300]]);
  });

  test("is zero while nothing comes, and not known without time between", () => {
    const still = { requestId: "a", elapsedMs: 1_000, answerBytes: 100 };
    expect([...countAnswerRates([still], [{ ...still, elapsedMs: 2_000 }])]).toEqual([["a", 0]]);
    expect([...countAnswerRates([still], [still])]).toEqual([]);
  });
});

test("the last minutes have their requests and errors, and leave out what is older", () => {
  const nowMs = 10 * 60_000 + 30_000;
  const request = (timeMs: number, status: number, errorType: string | null = null) => ({
    timeMs,
    status,
    errorType,
  });
  expect(
    countMinutes(
      [
        request(nowMs, 200),
        request(10 * 60_000, 429),
        request(9 * 60_000 + 59_999, 200, "api_error"),
        request(8 * 60_000 - 1, 200),
        request(11 * 60_000, 200),
      ],
      nowMs,
      3,
    ),
  ).toEqual([
    { startMs: 8 * 60_000, requests: 0, errors: 0 },
    { startMs: 9 * 60_000, requests: 1, errors: 1 },
    { startMs: 10 * 60_000, requests: 2, errors: 1 },
  ]);
});
