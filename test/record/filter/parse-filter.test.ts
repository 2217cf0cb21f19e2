import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatFilter } from "../../../src/record/filter/format-filter.ts";
import { parseFilter } from "../../../src/record/filter/parse-filter.ts";
import { everyRequest, numberMembers, type RecordFilter } from "../../../src/record/record-filter.ts";

const now = new Date(2026, 10, 30, 14, 30, 15, 250);
const read = (text: string) => parseFilter(text, now.getTime());
const local = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime();

test.each<[string, Partial<RecordFilter>]>([
  ["", {}],
  ["  \n ", {}],
  ["glm timeout", { words: ["glm", "timeout"] }],
  ['"two words" ""', { words: ["two words"] }],
  ['"model:x" "say \\"hi\\" \\\\"', { words: ["model:x", 'say "hi" \\'] }],
  ["http", { words: ["http"] }],
  ["model:glm*", { texts: [{ member: "model", pattern: "glm*", isNegated: false }] }],
  ["MODEL:glm:free", { texts: [{ member: "model", pattern: "glm:free", isNegated: false }] }],
  ['-client:"web team"', { texts: [{ member: "client", pattern: "web team", isNegated: true }] }],
  ["status:429", { numbers: [{ member: "status", comparison: "=", value: 429 }] }],
  ["status:>=400", { numbers: [{ member: "status", comparison: ">=", value: 400 }] }],
  [
    "status:4xx",
    {
      numbers: [
        { member: "status", comparison: ">=", value: 400 },
        { member: "status", comparison: "<", value: 500 },
      ],
    },
  ],
  ["cost:>0.10", { numbers: [{ member: "cost", comparison: ">", value: 0.1 }] }],
  ["cost:<$2", { numbers: [{ member: "cost", comparison: "<", value: 2 }] }],
  ["input:>100k", { numbers: [{ member: "input", comparison: ">", value: 100_000 }] }],
  ["output:1.5M", { numbers: [{ member: "output", comparison: "=", value: 1_500_000 }] }],
  ["ms:>30s", { numbers: [{ member: "ms", comparison: ">", value: 30_000 }] }],
  ["ms:>250ms", { numbers: [{ member: "ms", comparison: ">", value: 250 }] }],
  ["first:>2s", { numbers: [{ member: "first", comparison: ">", value: 2000 }] }],
  ["ms:<=250", { numbers: [{ member: "ms", comparison: "<=", value: 250 }] }],
  [
    "sends:>1 cached:0",
    {
      numbers: [
        { member: "sends", comparison: ">", value: 1 },
        { member: "cached", comparison: "=", value: 0 },
      ],
    },
  ],
  [
    "is:error is:Changed is:retried is:estimated is:broken",
    { flags: ["error", "changed", "retried", "estimated", "broken"] },
  ],
  ['body:canary body:"a b"', { bodyWords: ["canary", "a b"] }],
  ["since:2h", { sinceMs: now.getTime() - 7_200_000 }],
  ["since:90m", { sinceMs: now.getTime() - 5_400_000 }],
  ["since:7d", { sinceMs: new Date(now).setDate(23) }],
  ["since:2w", { sinceMs: new Date(now).setDate(16) }],
  ["since:today", { sinceMs: local(2026, 10, 30) }],
  ["since:yesterday until:yesterday", { sinceMs: local(2026, 10, 29), untilMs: local(2026, 10, 30) }],
  ["since:2026-11-30", { sinceMs: local(2026, 10, 30) }],
  ["until:2026-11-30", { untilMs: local(2026, 11, 1) }],
  ["until:2026-02", { untilMs: local(2026, 2, 1) }],
  ["since:14:05", { sinceMs: local(2026, 10, 30, 14, 5) }],
  ['since:"2026-11-30 09:00"', { sinceMs: local(2026, 10, 30, 9) }],
  ["since:2026-11-30T09:00:00Z", { sinceMs: Date.UTC(2026, 10, 30, 9) }],
  ["since:2026-11-28 since:2026-11-30", { sinceMs: local(2026, 10, 30) }],
])("%p", (text, members) => {
  expect(read(text)).toEqual({ filter: { ...everyRequest, ...members } });
});

describe("a fault names the word and what is possible", () => {
  test.each([
    [
      "stauts:429",
      "stauts: is not known. Did you mean status: ? There is id, session, agent, client, kind, model, asked, " +
        "upstream, rule, error, stop, status, input, output, cached, cost, ms, first, sends, is, since, until and " +
        'body. To search for the text itself, write "stauts:429" with the quotes.',
    ],
    ["model:", "model: needs a value behind the colon."],
    ['model:""', "model: needs a value behind the colon."],
    ["status:bad", "status:bad is no number to compare with: write status:429, 4xx or >=400"],
    ["ms:>3x", "ms:>3x is no number to compare with: write ms:>30s"],
    ["input:$3", "input:$3 is no number to compare with: write input:>100k"],
    [
      "is:eror",
      "is:eror is not known. There is is:error, is:changed, is:retried, is:estimated and is:broken.",
    ],
    [
      "since:tomorrow",
      'since:tomorrow is no time: write since:2h, 7d, yesterday, 2026-11-30, 14:30 or "2026-11-30 14:30"',
    ],
    [
      "since:2026-02-30",
      'since:2026-02-30 is no time: write since:2h, 7d, yesterday, 2026-11-30, 14:30 or "2026-11-30 14:30"',
    ],
    [
      "since:24:00",
      'since:24:00 is no time: write since:2h, 7d, yesterday, 2026-11-30, 14:30 or "2026-11-30 14:30"',
    ],
    [
      "since:12:60",
      'since:12:60 is no time: write since:2h, 7d, yesterday, 2026-11-30, 14:30 or "2026-11-30 14:30"',
    ],
    [
      "since:12:00:60",
      'since:12:00:60 is no time: write since:2h, 7d, yesterday, 2026-11-30, 14:30 or "2026-11-30 14:30"',
    ],
    [
      "-status:429",
      "-status:429: only id, session, agent, client, kind, model, asked, upstream, rule, error and stop can be " +
        "excluded with a minus.",
    ],
    ["-glm", "-glm: words cannot be excluded, only members: -model:glm"],
    ['a "b c', 'The quotes of "b c do not end, or end within a word.'],
    ['model:"b"c', 'The quotes of model:"b"c do not end, or end within a word.'],
    [`model:${"*a".repeat(11)}`, "model:*a*a*a*a*a*a*a*a*a*a*a has more than 10 stars."],
    ["a".repeat(2001), "A filter has 2000 characters at most."],
    ["a ".repeat(51), "A filter has 50 terms at most."],
  ])("%p", (text, fault) => {
    expect(read(text)).toEqual({ fault });
  });
});

const someText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const aPattern = someText.filter((text) => text.split("*").length <= 11);
const aTime = fc.option(fc.integer({ min: 0, max: Date.UTC(9999, 0) }));
const filters: fc.Arbitrary<RecordFilter> = fc.record({
  texts: fc.array(
    fc.record({
      member: fc.constantFrom("id", "session", "model", "asked", "error", "stop"),
      pattern: aPattern,
      isNegated: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  numbers: fc.array(
    fc.record({
      member: fc.constantFrom(...numberMembers),
      comparison: fc.constantFrom("<", "<=", "=", ">=", ">"),
      value: fc.double({ min: 0, max: 1e300, noNaN: true }).map(Math.abs),
    }),
    { maxLength: 4 },
  ),
  flags: fc.array(fc.constantFrom("error", "changed", "retried", "estimated", "broken"), { maxLength: 3 }),
  words: fc.array(someText, { maxLength: 4 }),
  bodyWords: fc.array(someText, { maxLength: 4 }),
  sinceMs: aTime,
  untilMs: aTime,
});

test("what a filter is formatted as is parsed as the same filter", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(read(formatFilter(filter))).toEqual({ filter });
    }),
  );
});

test("no text makes it throw", () => {
  const pieces = fc.constantFrom(
    "model:",
    "status:",
    "since:",
    "is:",
    "-",
    '"',
    "\\",
    ":",
    ">",
    "4xx",
    " ",
    "2026-99-99",
  );
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseFilter(text, now.getTime());
      expect("fault" in parsed ? parsed.fault : formatFilter(parsed.filter)).toBeString();
    }),
    { numRuns: 500 },
  );
});
