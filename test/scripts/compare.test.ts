import { describe, expect, test } from "bun:test";
import { deflateRawSync } from "node:zlib";
import { describeDifference, describeMessageDifference } from "../../scripts/compare/describe-difference.ts";
import { clientModelFor, lanes, modelsOf } from "../../scripts/compare/lane.ts";
import { normaliseText } from "../../scripts/compare/normalise-text.ts";
import { profileIds } from "../../src/profiles/profile-ids.ts";

const [first, second] = ["0aZ", "1bY"].map((start) => start.padEnd(24, "x"));
const pack = (json: string) => `ccp1.${deflateRawSync(json).toString("base64url")}`;

describe("what differs from run to run", () => {
  test.each([
    ["ids of a kind and their order", `msg_${first} toolu_${second} msg_${first}`, "msg_#1 toolu_#2 msg_#1"],
    [
      "times",
      '{"time":"2026-01-01","durationMs":1.5,"firstByteMs":null}',
      '{"time":"#","durationMs":"#","firstByteMs":"#"}',
    ],
    [
      "a duration and the length of it",
      'content-length: 9\n\n{"uptime_seconds":9}',
      'content-length: #\n\n{"uptime_seconds":"#"}',
    ],
    ["the date", "date: Thu\nx-date: Fri", "date: #\nx-date: Fri"],
    [
      "an id that is packed, and the length of that",
      `content-length: 9\n${pack(`{"i":"toolu_${first}"}`)}`,
      'content-length: #\nccp1 of {"i":"toolu_#1"}',
    ],
  ])("%s", (_name, text, normalised) => {
    expect(normaliseText(text, "")).toBe(normalised);
  });

  test.each([
    ["an id that was given", `toolu_${first}`],
    ["an id of another form", "toolu_1 call_0123456789abcdefghijklmn"],
    ["other numbers and lengths", 'content-length: 9\n{"input_tokens":7}'],
    ["a packed text without an id of ours", pack('{"t":"x"}')],
    ["what looks packed and is not", "ccp1.AAAA"],
  ])("%s stays", (_name, text) => {
    expect(normaliseText(text, `said: toolu_${first}`)).toBe(text);
  });
});

describe("a difference", () => {
  test("of nothing is none", () => {
    expect(describeDifference("a\nb", "a\nb")).toBe("");
  });

  test("is shown in the member that has it, and with the lines before", () => {
    const [ours, theirs] = [1, 2].map((b) => `200\n\n${JSON.stringify({ a: 0, b, c: 3 })}`);
    expect(describeDifference(ours ?? "", theirs ?? "")).toBe(
      '@@ line 5 @@\n {\n  "a": 0,\n- "b": 1,\n+ "b": 2,',
    );
  });

  test("of an event is shown as one of its data", () => {
    expect(describeDifference('data: {"a":1}', 'data: {"a":2}')).toBe(
      '@@ line 2 @@\n data: {\n- "a": 1\n+ "a": 2',
    );
  });

  test.each([
    ["a number that is written otherwise", '{"a":1}', '{"a":1.0}'],
    ["a blank", '{"a":1}', '{"a": 1}'],
  ])("of %s is found", (_name, ours, theirs) => {
    expect(describeDifference(ours, theirs)).toBe(`@@ line 1 @@\n-${ours}\n+${theirs}`);
  });

  test("in two places is shown without what is between", () => {
    expect(describeDifference("a\nb\nc", "x\nb\ny")).toBe("@@ line 1 @@\n-a\n-c\n+x\n+y");
    expect(describeDifference("a\nb\nc", "x\nb\ny\nz")).toBe("@@ line 1 @@\n-a\n-b\n-c\n+x\n+b\n+y\n+z");
  });

  test("is cut out of long lines and many of them", () => {
    const [ours, theirs] = ["a", "b"].map((letter) => `${"x".repeat(500)}${letter}${"y".repeat(500)}`);
    expect(describeDifference(ours ?? "", theirs ?? "")).toBe(
      `@@ line 1 @@\n-…${"x".repeat(60)}a${"y".repeat(99)}…\n+…${"x".repeat(60)}b${"y".repeat(99)}…`,
    );
    expect(describeDifference("a", `a\n${"b\n".repeat(20)}`)).toContain("+… 15 lines more");
  });

  test("of the end of a text is found", () => {
    expect(describeDifference("a", "a\nb")).toBe("@@ line 2 @@\n a\n+b");
  });
});

describe("a difference of messages", () => {
  test.each([
    ["nothing", "200\na: b\n\nx\n\ny", "200\na: b\n\nx\n\ny", ""],
    ["a body", "200\ncontent-length: 1\n\nx", "200\ncontent-length: 2\n\nxy", "@@ line 1 @@\n-x\n+xy"],
    [
      "a length alone",
      "200\ncontent-length: 1\n\n",
      "200\ncontent-length: 2\n\n",
      "@@ line 2 @@\n 200\n-content-length: 1\n+content-length: 2",
    ],
    ["a status and a body", "200\n\nx", "400\n\ny", "@@ line 1 @@\n-200\n+400\n@@ line 1 @@\n-x\n+y"],
    [
      "an answer that did not come",
      "200\n\nx",
      "no answer: TypeError\n\n",
      "@@ line 1 @@\n-200\n+no answer: TypeError\n@@ line 1 @@\n-x\n+",
    ],
  ])("of %s", (_name, ours, theirs, diff) => {
    expect(describeMessageDifference(ours, theirs)).toBe(diff);
  });
});

test.each(profileIds)("there is a lane of %s", (id) => {
  expect(lanes.map(({ profile }) => profile)).toContain(id);
});

test("every model of a lane can be asked for by a name of its own", () => {
  for (const lane of lanes) {
    const names = modelsOf(lane).map((model) => clientModelFor(lane, model));
    expect(names).not.toContain(null);
    expect(new Set(names).size).toBe(names.length);
  }
});
