import { expect, test } from "bun:test";
import { escapeControlCharacters } from "../../src/logging/escape-control-characters.ts";

test.each([
  ["a line break cannot forge a line", "ok\n200 forged\r", "ok\\u000a200 forged\\u000d"],
  ["an escape sequence cannot drive the terminal", "\u001b]0;owned\u0007", "\\u001b]0;owned\\u0007"],
  ["the one-character form of it neither", "\u009b31m", "\\u009b31m"],
  ["text is not turned round", "\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"],
  ["ordinary text stays, whatever its alphabet", "Größe 模型 🙂", "Größe 模型 🙂"],
])("%s", (_name, text, expected) => {
  expect(escapeControlCharacters(text)).toBe(expected);
});

test("what is escaped inside JSON still parses to what it was", () => {
  const value = { text: "del\u007f c1\u009b sep\u2028 bell\u0007" };
  expect(JSON.parse(escapeControlCharacters(JSON.stringify(value)))).toEqual(value);
});
