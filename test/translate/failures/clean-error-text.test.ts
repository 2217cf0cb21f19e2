import { expect, test } from "bun:test";
import { cleanErrorText } from "../../../src/translate/failures/clean-error-text.ts";

test.each([
  ["an OpenAI key", "bad key sk-proj-abc_DEF-123456 given", "bad key sk-… given"],
  ["a key that is masked in part", "sk-abc*****wxyz.", "sk-…."],
  [
    "a bearer",
    'header "Authorization: Bearer abc.DEF~ghi" refused',
    'header "Authorization: Bearer …" refused',
  ],
  ["a Groq key", "gsk_abcdefghijkl", "gsk_…"],
  ["an xAI key", "xai-abcdefghijkl", "xai-…"],
  ["a Google key", "AIzaSyAbcdefghijk", "AIza…"],
  ["a word with a hyphen", "task-oriented risk-averse sk-short", "task-oriented risk-averse sk-short"],
])("[5.1:keys] %s is masked, words are not", (_name, text, expected) => {
  expect(cleanErrorText(text)).toBe(expected);
});

test("control characters and turns of direction are escaped, line feeds and tabs are not", () => {
  expect(cleanErrorText("a\u001b[31mb\u0000\r\n\tc\u202ed\u2028e")).toBe(
    "a\\u001b[31mb\\u0000\\u000d\n\tc\\u202ed\\u2028e",
  );
});

test("[F22] characters that hide or turn a text are escaped, whatever their number", () => {
  expect(cleanErrorText("a\u061cb\u200bc\ufeffd\u00ade\u{e0041}f")).toBe(
    "a\\u061cb\\u200bc\\ufeffd\\u00ade\\udb40\\udc41f",
  );
});

test("a text beyond 2000 characters is cut", () => {
  expect(cleanErrorText("é".repeat(2001))).toBe(`${"é".repeat(1999)}…`);
  expect(cleanErrorText("é".repeat(2000))).toBe("é".repeat(2000));
});
