import { describe, expect, test } from "bun:test";
import { mendJson } from "../../../../src/translate/answer/calls/mend-json.ts";

describe("mendJson", () => {
  test.each([
    ['{"a":1,}', '{"a":1}'],
    ['{"a":[1,2, ],}', '{"a":[1,2]}'],
    ['{"a":"x\ny\tz"}', '{"a":"x\\ny\\tz"}'],
    ['{"a":{"b":[1', '{"a":{"b":[1]}}'],
    ['{"a":1,', '{"a":1}'],
    ['{"a":",}"}', '{"a":",}"}'],
    ['{"a":"\\",}', null],
    ['{"a":"li', null],
    ['{"a":!!', null],
    ['{"a":1,,"b":2}', null],
    ['{"a":[1,,]}', null],
    ['{"a":[1,] , "b":"\n\\"\u0001"} ', '{"a":[1] , "b":"\\n\\"\\u0001"}'],
    [' {"a":[1 , \t', '{"a":[1 ]}'],
    ['{"a":1]', null],
    ['{"a":[1,2],"b":[3,', '{"a":[1,2],"b":[3]}'],
    ['{"a":[1,],"b":[2,],}', '{"a":[1],"b":[2]}'],
    ['{"a":', null],
    ["hello", null],
  ])("[3.5:repaired] %j becomes %j", (text, expected) => {
    expect(mendJson(text)).toBe(expected);
  });
});
