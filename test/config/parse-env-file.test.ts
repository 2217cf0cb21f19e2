import { describe, expect, test } from "bun:test";
import { parseEnvFile } from "../../src/config/parse-env-file.ts";

test("[row 79] byte order mark, CRLF, export, quotes and comments are understood", () => {
  const text = [
    "\uFEFF# a comment",
    "export BIG_MODEL_NAME=a/b   # the big one",
    "",
    "  SMALL_MODEL_NAME = 'c # d'  ",
    'APP_NAME="my proxy"',
    "HOST: 127.0.0.1",
    "PROXY_API_KEY=",
  ].join("\r\n");
  expect(parseEnvFile(text)).toEqual({
    values: {
      BIG_MODEL_NAME: "a/b",
      SMALL_MODEL_NAME: "c # d",
      APP_NAME: "my proxy",
      HOST: "127.0.0.1",
      PROXY_API_KEY: "",
    },
    repeated: new Map(),
    cut: [],
    faults: [],
  });
});

test("[row 79] a byte order mark is no part of the first name", () => {
  expect(parseEnvFile("\uFEFFA=1\nB=2")).toEqual({
    values: { A: "1", B: "2" },
    repeated: new Map(),
    cut: [],
    faults: [],
  });
});

test("[row 79] of several lines with one name the last counts, and all are named", () => {
  const parsed = parseEnvFile("A=1\nB=2\nA=3\nexport A=4\n");
  expect(parsed).toEqual({
    values: { A: "4", B: "2" },
    repeated: new Map([["A", [1, 3, 4]]]),
    cut: [],
    faults: [],
  });
});

describe("[row 79] a line that sets nothing is found", () => {
  test.each([
    ["no sign", "A=1\nsk-secret-value\nB=2", [{ line: 2, fault: "is not of the form NAME=value" }]],
    ["a space in the name", "BIG MODEL=x", [{ line: 1, fault: "is not of the form NAME=value" }]],
    ["an open quote", 'A=1\nB="x\nC=2', [{ line: 2, fault: "has a quote that is never closed" }]],
    ["two of them", "x\n\ny", [1, 3].map((line) => ({ line, fault: "is not of the form NAME=value" }))],
  ])("%s", (_name, text, faults) => {
    expect(parseEnvFile(text).faults).toEqual(faults);
  });
});

describe("[F20] a value that ends at a # is found", () => {
  test.each([
    ["in the middle", "A=1\nexport KEY=abc#def1234567", [{ line: 2, name: "KEY" }]],
    ["at its start", "KEY=#abc", [{ line: 1, name: "KEY" }]],
    ["behind a blank of its own", "KEY=a b#c", [{ line: 1, name: "KEY" }]],
    ["set with a colon", "KEY: a#b # c", [{ line: 1, name: "KEY" }]],
    ["with quotes inside", 'KEY=a"b#c"', [{ line: 1, name: "KEY" }]],
  ])("%s", (_name, text, cut) => {
    expect(parseEnvFile(text).cut).toEqual(cut);
  });

  test.each([
    ["a comment", "KEY=abc # def"],
    ["a comment with marks in it", "KEY=abc #def#ghi"],
    ["a comment behind a tab", "KEY=abc\t#def"],
    ["a comment instead of a value", "KEY= # none"],
    ["a quoted value", "KEY='a#b'"],
    ["a quoted value and a comment", 'KEY="a#b" # c#d'],
    ["a quoted value of several lines", 'KEY="a\nB=c#d\n"'],
    ["a line that is a comment", "#KEY=a#b"],
  ])("not %s", (_name, text) => {
    expect(parseEnvFile(text).cut).toEqual([]);
  });
});

test.each(['"', "'", "`"])("a value of several lines in %s is one value", (quote) => {
  expect(parseEnvFile(`A=${quote}one\nB=two\n${quote}\nC=3`)).toEqual({
    values: { A: "one\nB=two\n", C: "3" },
    repeated: new Map(),
    cut: [],
    faults: [],
  });
});

test("names of the language's own members are names like others", () => {
  expect(parseEnvFile("constructor=1\ntoString=2\nA=3").values["A"]).toBe("3");
});
