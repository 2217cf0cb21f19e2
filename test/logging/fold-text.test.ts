import { expect, test } from "bun:test";
import { foldText } from "../../src/logging/fold-text.ts";

test.each<[string, string, number | null, string]>([
  ["one that fits", "a b c", 5, "a b c"],
  ["one that does not", "one two three four", 9, "one two\n>three\n>four"],
  ["two, each by itself", "one two\nthree four", 8, "one two\nthree\n>four"],
  ["one with gaps", "one  two  three", 10, "one  two\n>three"],
  ["one that is indented", "  one two three", 8, "  one\n  >two\n  >three"],
  ["a word that is too long", "see /a/very/long/path now", 10, "see\n>/a/very/long/path\n>now"],
  ["one of wide characters", "通义 千问 三号", 6, "通义\n>千问\n>三号"],
  [
    "one that ends with a command",
    "Bad mode. Run: chmod 600 'a b'",
    12,
    "Bad mode.\n>Run:\n>chmod 600 'a b'",
  ],
  ["one that only speaks of running", "It will run: now", 9, "It will\n>run: now"],
  ["none", "", 5, ""],
  ["one where nobody looks at the width", "one two three", null, "one two three"],
])("a line is folded between its words: %s", (_, text, columns, folded) => {
  expect(foldText(text, columns, ">")).toBe(folded);
});
