import { describe, expect, test } from "bun:test";
import { type JsonOutline, type LongValue, outlineJson } from "../../src/json/outline-json.ts";

/** Bytes: with the quotes or brackets around it, a value of nine is long, and one of eight is short. */
const pieceBytes = 8;
const some = { depth: 9, values: 99 };
const encoder = new TextEncoder();

/** The outline, and how often it was yielded on the way to it. */
function outline(bytes: Uint8Array, limits = some): JsonOutline & { yields: number } {
  const steps = outlineJson(bytes, limits, pieceBytes);
  for (let yields = 0; ; yields += 1) {
    const step = steps.next();
    if (step.done === true) return { ...step.value, yields };
  }
}

const outlineText = (json: string, limits = some) => outline(encoder.encode(json), limits);

function long(
  kind: LongValue["kind"],
  [start, end]: readonly [number, number],
  cuts: readonly number[] = [],
  inner: readonly LongValue[] = [],
): LongValue {
  return { kind, start, end, cuts, inner };
}

const [escaped, closed] = [String.raw`\"`, String.raw`\\`];

describe("[F3] the outline of a text", () => {
  test.each<[string, LongValue]>([
    ['"1234567"', long("text", [0, 9])],
    [' "1234567"\n', long("text", [1, 10])],
    ['\t"1234567"\r', long("text", [1, 10])],
    ['\ufeff"1234567"', long("text", [3, 12])],
    [`"${escaped}34567"`, long("text", [0, 9])],
    // The end of a text is looked for byte by byte first, then natively: escapes on either side and across.
    ...Array.from({ length: 28 }, (_, before) => before).flatMap((before): [string, LongValue][] => [
      [`"${"a".repeat(before)}${escaped}1234567"`, long("text", [0, before + 11])],
      [`"${"a".repeat(before)}1234567${closed}"`, long("text", [0, before + 11])],
      [`"${"a".repeat(before)}1234567${escaped}"`, long("text", [0, before + 11])],
      [`"${"a".repeat(before)}${closed}${escaped}234567"`, long("text", [0, before + 12])],
    ]),
    [`"${closed}aaaaaaaa${escaped}1234567"`, long("text", [0, 21])],
    ['"1#345678"', long("text", [0, 10])],
    ["[1,2,3,4]", long("list", [0, 9])],
    ["[1,2,3,4,5,6]", long("list", [0, 13], [10])],
    ["[1234567,2]", long("list", [0, 11])],
    ["[12345678,2,3]", long("list", [0, 14], [9])],
    ["[1234567,2,34567,89]", long("list", [0, 20], [10])],
    ['{"a":1234}', long("object", [0, 10])],
    ["[[[1,2,3,4]]]", long("list", [0, 13], [], [long("list", [1, 12], [], [long("list", [2, 11])])])],
    ["[[1,2,3],4]", long("list", [0, 11])],
    [
      '["1234567",1,"1234567"]',
      long("list", [0, 23], [10, 12], [long("text", [1, 10]), long("text", [13, 22])]),
    ],
    ['[1,"1234567"]', long("list", [0, 13], [2], [long("text", [3, 12])])],
    ['{"1234567":1}', long("object", [0, 13], [], [long("text", [1, 10])])],
    [
      '{"a":1,"1234567":"1234567","b":2}',
      long("object", [0, 33], [6, 26], [long("text", [7, 16]), long("text", [17, 26])]),
    ],
    [
      '{"a":1,"b":"1234567","c":[1,2,3,4],"d":2}',
      long("object", [0, 41], [6, 20, 34], [long("text", [11, 20]), long("list", [25, 34])]),
    ],
    // What was noted of one list is not told of the next that is as deep.
    [
      "[[1234567,2,3],[1234,567]]",
      long("list", [0, 26], [14], [long("list", [1, 14], [11]), long("list", [15, 25])]),
    ],
    [
      '[["1234567",2],[1234,567]]',
      long(
        "list",
        [0, 26],
        [14],
        [long("list", [1, 14], [11], [long("text", [2, 11])]), long("list", [15, 25])],
      ),
    ],
  ])("%s", (json, root) => {
    expect(outlineText(json)).toEqual({ excess: null, root, yields: 0 });
  });

  test.each([
    ["a short text", '"123456"'],
    ["a short list", "[1,2,34]"],
    ["a short object", '{"a":1}'],
    ["a number", "1234567890"],
    ["nothing", ""],
    ["something before it", 'a"1234567"'],
    ["something behind it", '"1234567" b'],
    ["a blank that JSON does not know", '"1234567"\u00a0'],
    ["two marks of the byte order", '\ufeff\ufeff"1234567"'],
    ["a mark of the byte order behind it", '"1234567"\ufeff'],
    ["a character behind a mark of the byte order", '\ufeffa"1234567"'],
    ["a character that shares a mark's first byte", '\uff71"1234567"'],
    ["a character that shares a mark's first two bytes", '\ufec0"1234567"'],
    ["a character that shares a mark's last byte", '\u203f"1234567"'],
    ["two long texts", '"1234567""1234567"'],
    ["two long lists", "[1,2,3,4][1,2,3,4]"],
    ["a list that ends as an object", "[1,2,3,4}"],
    ["an object that ends as a list", '{"a":1234]'],
    ["a text without an end", '"123456789'],
    ["a long text without an end", `"${"a".repeat(40)}${escaped}`],
    ["a text without an end in a list", '["1234567'],
    ["a bracket that closes nothing, before it", ']"1234567"'],
    ["a bracket that closes nothing, behind it", "[1,2,3,4]]"],
    ["brackets that close nothing", "]]][[[1,2,3,4]]]"],
    ["a text below the ground", ']"1234567"["1234567"'],
    ["a comma before it", ',"1234567"'],
    ["a comma behind it", '"1234567",'],
    ["a list that is not closed", "[[1,2,3,4]"],
  ])("is none where the whole is %s", (_, json) => {
    expect(outlineText(json)).toEqual({ excess: null, root: null, yields: 0 });
  });

  test.each<[string, string, keyof typeof some | null]>([
    ["as deep as may be", "[[[]]]", null],
    ["deeper", "[[[[]]]]", "depth"],
    ["deeper in an object", '{"a":[[{', "depth"],
    ["deep twice", "[[[]],[1]]", null],
    ["as many as may be", "[1,2,3,4,5]", null],
    ["too many elements", "[1,2,3,4,5,6]", "values"],
    ["too many lists", "[[],[],[1,", "values"],
    ["too many lists, some in others", "[[],[[][", "values"],
    ["too many before it is too deep", "[1,2,3,4,[[[[", "values"],
    ["too deep before there are too many", "[[[[]]],[[]]", "depth"],
    ["commas in texts", '[",,,,,[[[["]', null],
  ])("tells of too much, as of the text at once: %s", (_, json, excess) => {
    const fives = { depth: 3, values: 5 };
    expect(outlineText(json, fives).excess).toBe(excess);
  });

  test.each([
    [4 * 1024 * 1024, 1],
    [4 * 1024 * 1024 + 1, 2],
  ])("is made of 2 MiB at once: of %d bytes with %d yields", (length, yields) => {
    expect(outline(new Uint8Array(length).fill(0x20))).toEqual({ excess: null, root: null, yields });
  });

  test("goes on where it stopped: a text over the end of a step is passed as a whole", () => {
    const bytes = new Uint8Array(3 * 1024 * 1024).fill(0x61);
    bytes[1024 * 1024] = 0x22;
    bytes[2 * 1024 * 1024 + 10] = 0x22;
    bytes.fill(0x20, 0, 1024 * 1024).fill(0x20, 2 * 1024 * 1024 + 11);
    const root = long("text", [1024 * 1024, 2 * 1024 * 1024 + 11]);
    expect(outline(bytes)).toEqual({ excess: null, root, yields: 1 });
  });
});
