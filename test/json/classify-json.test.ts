import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { classifyJson } from "../../src/json/classify-json.ts";

describe("classifyJson", () => {
  test.each([
    '{"a":1}',
    "[]",
    "{}",
    ' {"a":[1,2,{"b":null}]} ',
    '"x"',
    "-0.5e+3",
    "true",
    '{"a":"\\u00e9\\n"}',
  ])("%s is complete", (text) => {
    expect(classifyJson(text)).toBe("complete");
  });

  test.each([
    "",
    "  ",
    "{",
    '{"',
    '{"a',
    '{"a"',
    '{"a":',
    '{"a":"li',
    '{"a":"li\\',
    '{"a":"\\u00',
    '{"a":1,',
    '{"a":[1,',
    '{"a":tr',
    '{"a":-',
    '{"a":1.',
    '{"a":1e',
    '{"a":1e+',
    '[1,{"b":2}',
    '"x',
    "nul",
    "[[[",
  ])("%j is the beginning of a value", (text) => {
    expect(classifyJson(text)).toBe("incomplete");
  });

  test.each([
    '{"a":!!',
    "{a",
    "{]",
    "[}",
    '{"a" 1',
    '{"a":1 2',
    "}",
    '{"a":1}}',
    '{"a":1}{"a":1}',
    '{"a":"\\x"',
    '{"a":"line\nbreak"',
    "hello",
    "{,",
    '{"a":1,}',
    "[1,]",
    "01",
    "[01",
    '{"a":+1',
    "nulx",
    "[.5",
    '{"a":1.e5',
  ])("%j is no JSON", (text) => {
    expect(classifyJson(text)).toBe("invalid");
  });

  test("every proper prefix of an object is incomplete, the whole is complete", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), fc.nat(), (object, cut) => {
        const text = JSON.stringify(object);
        expect(classifyJson(text)).toBe("complete");
        expect(classifyJson(text.slice(0, cut % text.length))).toBe("incomplete");
      }),
      { numRuns: 2000 },
    );
  });
});
