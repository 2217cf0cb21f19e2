import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { hasInexactNumber, parseExactJson, quoteNumbers } from "../../src/json/long-numbers.ts";

describe("numbers that are kept as they are written", () => {
  test.each([
    "2512292042121000001",
    "-2512292042121000001",
    "9007199254740993",
    "1e400",
    "-1E+400",
    "1e30",
    "123456789012345678901234567890.5",
    '{"id":2512292042121000001,"a":[1,9007199254740993,{"b":-9007199254740993}]}',
    '{"1":9007199254740995,"__proto__":9007199254740993,"a":"9007199254740993"}',
    '{"a":"\\\\","b":9007199254740993,"c":"\\"9007199254740995"}',
    '{"a":true,"b":false,"c":null,"d":9007199254740993}',
  ])("%s", (text) => {
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
    expect(hasInexactNumber(JSON.parse(text))).toBe(true);
  });

  test("members whose names are numbers come first, as everywhere", () => {
    const text = '{"a":9007199254740993,"1":9007199254740995}';
    expect(JSON.stringify(parseExactJson(text))).toBe('{"1":9007199254740995,"a":9007199254740993}');
  });

  test("of a member that comes twice the last counts", () => {
    expect(JSON.stringify(parseExactJson('{"a":9007199254740993,"b":1e999,"a":2}'))).toBe(
      '{"a":2,"b":1e999}',
    );
    expect(JSON.stringify(parseExactJson('{"a":2,"a":9007199254740993}'))).toBe('{"a":9007199254740993}');
  });

  test.each([
    "9007199254740991",
    "-9007199254740991",
    "0.1",
    "1e15",
    "-0",
    "0.12345678901234567",
    '"1e400"',
    "[]",
    "null",
  ])("%s is a value like any other", (text) => {
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
  });

  test("what is no JSON is undefined, and so is what nests too deep", () => {
    expect(parseExactJson("9007199254740993 x")).toBeUndefined();
    expect(parseExactJson(`${"[".repeat(501)}9007199254740993${"]".repeat(501)}`)).toBeUndefined();
  });

  test("numbers that may be inexact are quoted, wherever they stand, and nothing else is", () => {
    expect(quoteNumbers('[1, 2512292042121000001 ,-1e5,"1e5 \\" 2512292042121000001",0.5,true,1.5E-3]')).toBe(
      '[1, "2512292042121000001" ,"-1e5","1e5 \\" 2512292042121000001",0.5,true,"1.5E-3"]',
    );
  });

  const written = fc.oneof(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((number) => ({ number: String(number) })),
    fc.tuple(fc.nat(), fc.integer({ min: -400, max: 400 })).map(([digits, exponent]) => ({
      number: `${digits}e${exponent}`,
    })),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => ({ number: JSON.stringify(number) })),
  );
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      written.map(({ number }) => number),
      fc.string({ unit: "binary", maxLength: 9 }).map((text) => JSON.stringify(text)),
      fc.constantFrom("true", "null"),
      fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
      fc
        .uniqueArray(fc.tuple(fc.string({ maxLength: 4 }), tie("value")), {
          selector: ([key]) => key,
          maxLength: 4,
        })
        .map((members) => `{${members.map(([key, item]) => `${JSON.stringify(key)}: ${item}`).join(",")}}`),
    ),
  }));

  test("whatever the text: what is written again has the same value, and the digits of every long integer", () => {
    fc.assert(
      fc.property(value, (text) => {
        const again = JSON.stringify(parseExactJson(text));
        expect(JSON.parse(again)).toEqual(JSON.parse(text));
        const digits = (json: string) => json.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").match(/\d{17,}/g) ?? [];
        expect(digits(again).toSorted()).toEqual(digits(text).toSorted());
      }),
      { numRuns: 3000 },
    );
  });
});
