import { expect, test } from "bun:test";
import { plainWords } from "../../src/upstream/plain-words.ts";

test.each([
  [
    "the title of a page",
    "<!DOCTYPE html><html><head><title> Bad\n Gateway </title></head><body>x</body></html>",
    "Bad Gateway",
  ],
  [
    "the words of a page without a title",
    "<html><body><h1>No</h1><p>way &amp; so on</p></body></html>",
    "No way &amp; so on",
  ],
  ["no scripts and no styles", "<html><style>a{}</style><script>alert('<b>')</script><p>words</p>", "words"],
  ["no tag that is cut", "<html><p>words <img src='x", "words"],
  ["the words where the title has no end", "<html><title>Bad<p>words</p></html>", "Bad words"],
  [
    "all words where the title has no end",
    "<html><b>Very</b><title>bad<p>words</p></html>",
    "Very bad words",
  ],
  ["a title with a tag in it", "<html><title>Bad<br>Gateway</title>", "Bad Gateway"],
  ["a title with attributes", "<html><title lang='en'>Bad</title><p>words</p></html>", "Bad"],
  ["the words where the title is blank", "<html><title> </title><p>words</p></html>", "words"],
  ["a title in capitals", "<?xml?><TITLE>Bad</TITLE>", "Bad"],
  ["a title that holds a tag", "<html><title><b>fat</b></title></html>", "fat"],
  ["text with a bracket is text", "a < b and c > d", "a < b and c > d"],
  ["control characters are blanks", "a\u001b[31m\r\n\tb", "a [31m b"],
  ["nothing", "  ", ""],
  ["no title beyond the first 8192 characters", `<html>${" ".repeat(8192)}<title>late</title>`, ""],
  ["a page without words", "<html></html>", ""],
])("[4.8:page] %s", (_name, text, expected) => {
  expect(plainWords(text, 100)).toBe(expected);
});

test("[4.8:page] a long text is cut to the length", () => {
  expect(plainWords("x".repeat(101), 100)).toBe(`${"x".repeat(99)}…`);
  expect(plainWords("x".repeat(100), 100)).toBe("x".repeat(100));
});
