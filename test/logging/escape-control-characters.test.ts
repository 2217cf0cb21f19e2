import { expect, test } from "bun:test";
import { escapeControlCharacters } from "../../src/logging/escape-control-characters.ts";

test.each([
  ["a line break cannot forge a line", "ok\n200 forged\r", "ok\\u000a200 forged\\u000d"],
  ["an escape sequence cannot drive the terminal", "\u001b]0;owned\u0007", "\\u001b]0;owned\\u0007"],
  ["the one-character form of it neither", "\u009b31m", "\\u009b31m"],
  ["text is not turned round", "\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"],
  ["[F22] by no mark of direction", "a\u061cb\u200ec\u200fd", "a\\u061cb\\u200ec\\u200fd"],
  [
    "[F22] what has no width is seen",
    "a\u00ad\u200b\u200d\u2060\ufeff",
    "a\\u00ad\\u200b\\u200d\\u2060\\ufeff",
  ],
  ["[F22] and what is a tag", "a\u{e0041}\u{e007f}", "a\\udb40\\udc41\\udb40\\udc7f"],
  ["ordinary text stays, whatever its alphabet", "Größe 模型 🙂", "Größe 模型 🙂"],
])("%s", (_name, text, expected) => {
  expect(escapeControlCharacters(text)).toBe(expected);
});

test("what is escaped inside JSON still parses to what it was", () => {
  const value = { text: "del\u007f c1\u009b sep\u2028 bell\u0007 tag\u{e0041} zwj👩\u200d💻 \u200e\u061c" };
  expect(JSON.parse(escapeControlCharacters(JSON.stringify(value)))).toEqual(value);
});
