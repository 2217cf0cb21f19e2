import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { everyRequest, numberMembers, type RecordFilter } from "../../src/record/record-filter.ts";
import { usageGroups } from "../../src/record/record-reader.ts";
import { nameWithPostgres, whyNoPostgres } from "../support/postgres.ts";
import { engines, type WrittenRequest } from "./engines.ts";

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 9, 20);

/** Texts in which the engines could differ: case beyond ASCII, what a pattern means, spaces at the end. */
const texts = [
  "glm",
  "GLM-5",
  "glm%",
  "a_b",
  "a\\b",
  "Straße",
  "STRASSE",
  "éa",
  "Éa",
  "x ",
  "x",
  "",
  "a*b",
  "日本",
  "'",
];
const orNull = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: null, freq: 4 });
const text = orNull(fc.constantFrom(...texts));
const whole = orNull(fc.oneof(fc.nat(10), fc.nat(200_000)));
const time = fc.oneof(
  fc.nat(20 * dayMs).map((ms) => startMs + ms),
  fc.nat(5).map((days) => startMs + days * dayMs),
);
const milliseconds = orNull(
  fc.oneof(
    fc.double({ min: 0, max: 100_000, noNaN: true }),
    fc.nat(5000),
    fc.constantFrom(0.0005, 1.0015, 2.5),
  ),
);

const request: fc.Arbitrary<WrittenRequest> = fc.record({
  timeMs: time,
  path: fc.constantFrom("/v1/messages", "/v1/messages", "/x/MESSAGES", "/v1/messages/count_tokens"),
  client: text,
  sessionId: orNull(fc.constantFrom("s1", "s2", "S2", "s%")),
  agentId: orNull(fc.constantFrom("a1", "a2")),
  agentType: text,
  kind: orNull(fc.constantFrom("main", "subagent", "compaction", "title")),
  clientModel: text,
  model: text,
  upstream: text,
  rule: text,
  status: fc.constantFrom(200, 200, 400, 429, 499, 529),
  stopReason: text,
  inputTokens: whole,
  outputTokens: whole,
  cacheReadTokens: whole,
  cacheWriteTokens: whole,
  thinkingTokens: whole,
  usageEstimated: fc.boolean(),
  estimatedTokens: whole,
  window: whole,
  firstByteMs: milliseconds,
  durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  costUsd: orNull(fc.nat(10 ** 9).map((nano) => nano / 1e9)),
  sends: fc.nat(3),
  errorType: orNull(fc.constantFrom("api_error", "rate_limit_error")),
  errorMessage: text,
});

const filter: fc.Arbitrary<RecordFilter> = fc.record({
  texts: fc.array(
    fc.record({
      member: fc.constantFrom(
        "id",
        "session",
        "agent",
        "client",
        "kind",
        "model",
        "asked",
        "error",
        "stop",
        "rule",
      ),
      pattern: fc.constantFrom(
        ...texts.filter((one) => one !== ""),
        "*",
        "*a*",
        "g*",
        "S*",
        "req_1",
        "main",
        "É*",
      ),
      isNegated: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  numbers: fc.array(
    fc.record({
      member: fc.constantFrom(...numberMembers),
      comparison: fc.constantFrom("<", "<=", "=", ">=", ">"),
      value: fc.oneof(fc.nat(500), fc.double({ min: 0, max: 1e5, noNaN: true }), fc.constantFrom(1e300, 0.1)),
    }),
    { maxLength: 1 },
  ),
  flags: fc.array(fc.constantFrom("error", "changed", "retried", "estimated", "broken"), { maxLength: 1 }),
  words: fc.array(fc.constantFrom(...texts.filter((one) => one !== ""), "REQ_1", "rate"), { maxLength: 1 }),
  bodyWords: fc.constant([]),
  sinceMs: orNull(time),
  untilMs: orNull(time),
});

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("a file and a shared record"), () => {
  test("answer every question alike", async () => {
    const [rows = []] = fc.sample(fc.array(request, { minLength: 400, maxLength: 400 }), {
      numRuns: 1,
      seed: 18,
    });
    const filters = [everyRequest, ...fc.sample(filter, { numRuns: 250, seed: 18 })];
    const answers: unknown[][] = [];
    for (const engine of engines) {
      await using record = await engine.create("engines_agree");
      await record.write(...rows.map((row, index) => ({ requestId: `req_${index}`, ...row })));
      const reader = openRecordReader(record.place);
      const found: unknown[] = [];
      for (const [index, one] of filters.entries()) {
        const by = usageGroups[index % usageGroups.length] ?? "day";
        const list = await reader.list({ filter: one, limit: 30, before: null, afterSeq: null });
        const later = await reader.list({ filter: one, limit: 30, before: null, afterSeq: 200 });
        found.push({
          filter: one,
          list: index % 10 === 0 ? list : list.map(({ seq }) => seq),
          later: later.map(({ seq }) => seq),
          sums: { by, sums: await reader.sum({ by, filter: one }) },
          sessions: await reader.sessions({ filter: one, limit: 3 }),
        });
      }
      for (const sinceMs of [0, startMs + 5 * dayMs]) {
        found.push(await reader.spent({ sinceMs }), await reader.spent({ sinceMs, client: "glm" }));
        found.push(await reader.spent({ sinceMs, sessionId: "s1" }));
      }
      found.push(await reader.extent());
      answers.push(found);
      await reader.close();
    }
    const [ofFile = [], ofShared = []] = answers;
    expect(ofFile).toHaveLength(filters.length + 7);
    for (const [index, answer] of ofShared.entries()) expect(answer).toEqual(ofFile[index]);
    // The filters are no empty ones.
    expect(JSON.stringify(ofFile).length).toBeGreaterThan(100_000);
  }, 60_000);
});
