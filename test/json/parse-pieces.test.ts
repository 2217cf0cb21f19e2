import { describe, expect, test } from "bun:test";
import { outlineJson } from "../../src/json/outline-json.ts";
import { BrokenPiece, parsePieces } from "../../src/json/parse-pieces.ts";

const limits = { depth: 9, values: 999 };

function last<Value>(steps: Generator<void, Value>): { value: Value; yields: number } {
  for (let yields = 0; ; yields += 1) {
    const step = steps.next();
    if (step.done === true) return { value: step.value, yields };
  }
}

/** The value, and how often it was yielded on the way to it. */
function parse(json: string, pieceBytes = 8): { value: unknown; yields: number } {
  const bytes = new TextEncoder().encode(json);
  const { root } = last(outlineJson(bytes, limits, pieceBytes)).value;
  if (root === null) throw new Error(`too short: ${json}`);
  return last(parsePieces(bytes, root, pieceBytes));
}

const wide = ["é", "…", "😀", "é".repeat(12), "…".repeat(12), "😀".repeat(12), "\ufeff".repeat(3)];
const escapes = [String.raw`\"`, String.raw`\\`, String.raw`\n`, String.raw`\u0041`, String.raw`\\\"`];

describe("[F3] a text in pieces", () => {
  // Each is moved over the places where it is cut.
  const moved = [...wide, ...escapes, String.raw`\\`.repeat(9), `${String.raw`\\`.repeat(8)}\\n`].flatMap(
    (marked) =>
      Array.from({ length: 20 }, (_, before) => `"${"a".repeat(before)}${marked}${"b".repeat(14)}"`),
  );
  test.each([8, 9, 12])("is cut within no character and no escape: %d bytes a piece", (pieceBytes) => {
    for (const json of moved) expect([json, parse(json, pieceBytes).value]).toEqual([json, JSON.parse(json)]);
  });

  test.each([
    ["one piece", 8, 1],
    ["two pieces", 16, 2],
    ["two pieces and a rest", 17, 2],
    ["many pieces", 80, 10],
  ])("yields behind as many bytes as may be parsed at once: %s", (_, length, yields) => {
    expect(parse(`"${"a".repeat(length)}"`)).toEqual({ value: "a".repeat(length), yields });
  });
});

describe("[F3] a list or an object in pieces", () => {
  test.each<[string, number]>([
    ["[1,2,3,4,5]", 1],
    ["[1,2,3,4,5,6]", 1],
    ["[1,2,3,4,5,6,7,8,9,1]", 2],
    ['["1234567",1,"1234567"]', 1],
    ['["12345678",1,"12345678"]', 2],
    ["[[1,2,3,4,5],[6,7,8,9,0]]", 2],
    ["[12345678 , [ 1,2,3,4,5 ] ]", 2],
    ['{"a":1,"b":2}', 1],
    ['{"a":1,"b":2,"c":3,"d":4}', 2],
    ['{"a":"12345678","b":2}', 1],
    ['{"12345678":"12345678","b":2}', 2],
    ['{ "12345678" : 1, "b" : [1,2,3,4,5] }', 2],
    ['{"12345678":[1,2],"b":2}', 1],
    ['{"__proto__":"12345678","b":2}', 2],
    ['{"__proto__":[1,2,3,4,5],"__proto__x":2}', 3],
    ['{"a":1,"a":"12345678","a":[1,2,3,4,5]}', 2],
    ['[{"a":{"b":["12345678"]}}]', 1],
    ["[          ]", 1],
    ["{          }", 1],
    ["[1234567890,[]]", 1],
  ])("%s", (json, yields) => {
    const { value, yields: found } = parse(json);
    expect([JSON.stringify(value), found]).toEqual([JSON.stringify(JSON.parse(json)), yields]);
  });

  test("__proto__ is a member like any other: it can be changed, seen and taken out", () => {
    const { value } = parse('{"__proto__":"12345678","b":2}');
    expect(Object.getOwnPropertyDescriptors(value)).toEqual(
      Object.getOwnPropertyDescriptors(JSON.parse('{"__proto__":"12345678","b":2}')),
    );
  });

  test.each([
    "[12345678,,2]",
    "[12345678,]",
    "[,12345678]",
    '["12345678","12345678",]',
    '["12345678"1]',
    '["12345678""12345678"]',
    '[1"12345678"]',
    '[null"12345678"]',
    '["12345678":1]',
    '{"12345678"}',
    '{"12345678",1}',
    '{"12345678":1"12345678"}',
    '{"12345678":"12345678":"12345678"}',
    '{"a":1,,"b":2}',
    '{"a":1,"b":2,}',
    '{,"a":"12345678"}',
    '{"a""12345678"}',
    '{["12345678"]:1}',
    '{"a":-["12345678"]}',
    '{"a":1,"b"}',
    '{"12345678":}',
    '{"a":1 2345678}',
    '["12345678]"',
  ])("is none: %s", (json) => {
    let thrown: unknown = null;
    try {
      parse(json);
    } catch (error) {
      thrown = error;
    }
    expect(
      thrown instanceof BrokenPiece || thrown instanceof SyntaxError || `${thrown}`.includes("too short"),
    ).toBe(true);
    expect(() => JSON.parse(json)).toThrow(SyntaxError);
  });
});
