import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { redactSecrets } from "../../src/secrets/redact-secrets.ts";
import { createSecretFinder, type SecretFinder } from "../../src/secrets/secret-finder.ts";
import { expectLinear } from "../support/expect-linear.ts";
import { encodings, key } from "./encodings.ts";

function finderOf(...secrets: string[]): SecretFinder {
  const finder = createSecretFinder(secrets);
  if (finder === null) throw new Error("nothing to find");
  return finder;
}

const finder = finderOf(key, "another-client-key-31337");
const redact = (text: string) => redactSecrets(text, finder, "[key]");

describe("[F7] a key is taken out of a text, however it is encoded", () => {
  test.each(encodings)("%s", (name, encode) => {
    const isBytes = name.startsWith("base64");
    const text = encode(key);
    const redacted = redact(`<a> ${text} and ${text} "b"`);
    if (isBytes) expect(redacted).toMatch(/^<a> \S{0,3}\[key\]\S{0,7} and \S{0,3}\[key\]\S{0,7} "b"$/);
    else expect(redacted).toBe('<a> [key] and [key] "b"');
  });

  test.each(encodings)("and a key that was cut leaves three characters: %s", (_name, encode) => {
    const text = encode(key);
    for (let length = encode(key.slice(0, 6)).length; length < text.length; length += 1) {
      expect(redact(`${text.slice(0, length)}…`)).toMatch(/^\S{0,3}\[key\]\S{0,6}\s{0,2}…$/);
    }
  });
});

/** A character, encoded by itself. */
const encodingsOfOne: [string, (code: number) => string][] = [
  ["a percent", (code) => `%${code.toString(16)}`],
  ["a double percent", (code) => `%25${code.toString(16).toUpperCase()}`],
  ["an entity", (code) => `&#${code};`],
  ["an entity of an entity", (code) => `&amp;#x${code.toString(16)};`],
  ["JSON", (code) => `\\u${code.toString(16).padStart(4, "0")}`],
  ["JSON in JSON", (code) => `\\\\u${code.toString(16).padStart(4, "0")}`],
];

test.each(encodingsOfOne)("[F7] a key goes, of which one character is %s", (_, encode) => {
  for (let at = 0; at < key.length; at += 1) {
    const text = key.slice(0, at) + encode(key.charCodeAt(at)) + key.slice(at + 1);
    expect(redact(`<a> ${text} "b"`)).toBe('<a> [key] "b"');
  }
});

test.each(encodings.filter(([name]) => name.startsWith("base64")))(
  "[F7] a key goes that both alphabets of base64 write in their own way: %s",
  (_, encode) => {
    const other = "???>>>~~~???>>>~~~";
    const redacted = redactSecrets(`<a> ${encode(other)} "b"`, finderOf(other), "[key]");
    expect(redacted).toMatch(/^<a> \S{0,3}\[key\]\S{0,7} "b"$/);
  },
);

test.each([
  ["zz9-&am", "[key]"],
  ["zz9-&#4", "[key]"],
  ["zz9-&#x7", "[key]"],
  ["zz9-&xq", "zz9-&xq"],
  ["zz9-&#", "[key]"],
  ["zz9-&{", "zz9-&{"],
  ["zz9-%2", "[key]"],
  ["zz9-%x", "zz9-%x"],
  ["zz9-\\u00", "[key]"],
  ["zz9-\\u0x", "zz9-\\u0x"],
])("[F7] what may be cut in the middle of a character: %s", (text, expected) => {
  expect(redact(text)).toBe(expected);
});

describe("what is no key stays", () => {
  test.each([
    ["words", "zz9-plural/up and zz9-plural/up+stream, 100 % of R&D; a \\ b &c; %zz \\u00"],
    ["an open end of three characters", "what begins with zz9"],
    ["escapes of other things", JSON.stringify(JSON.stringify('a\nb\t"\\ %41 &amp; é'))],
    ["lone backslashes", "\\".repeat(1000)],
  ])("%s", (_name, text) => {
    expect(redact(text)).toBe(text);
  });

  test.each(["", "ollama", "7chars!", "\\\\\\\\\\\\\\\\\\"])("nothing is looked for: %p", (secret) => {
    expect(createSecretFinder([secret])).toBeNull();
  });
});

test("[F7] a key of 8 characters is a key", () => {
  expect(redactSecrets("the word 8-chars! is out", finderOf("8-chars!"), "[key]")).toBe(
    "the word [key] is out",
  );
});

test("[F7] behind the beginning of one key another one may have been cut", () => {
  const both = finderOf("zzz-other-key-1", "7azz-key-12345");
  expect(redactSecrets("<a> %7a%7a%7a… b", both, "[key]")).toBe("<a> %[key]… b");
});

test("[F7] of two keys that begin alike the longer one goes as a whole", () => {
  const both = finderOf("zz9-plural", "zz9-plural-and-more");
  expect(redactSecrets("zz9-plural zz9-plural-and-more", both, "[key]")).toBe("[key] [key]");
});

test("[F7] JSON stays JSON, whatever stands before and behind the key", () => {
  const marks = fc.array(fc.constantFrom("\\", '"', "/", "\n", "u", "n", "z", "9", "%", "&", "\u0001"), {
    maxLength: 6,
  });
  const secrets = fc.constantFrom(key, '"quoted"and\\long', "\\slash\\first-and-last\\", "/new-line-n0t");
  fc.assert(
    fc.property(marks, marks, secrets, fc.nat(3), (before, behind, secret, depth) => {
      let text = before.join("") + secret + behind.join("");
      for (let level = 0; level < depth; level += 1) text = JSON.stringify(text);
      const redacted = redactSecrets(JSON.stringify({ text }), finderOf(secret), "[key]");
      expect(redacted).toContain("[key]");
      JSON.parse(redacted);
    }),
    { numRuns: 2000 },
  );
});

test("[F7] what stands between two characters of a key has a limit", () => {
  const parted = (backslashes: number) =>
    `<a> ${key.slice(0, 8)}${"\\".repeat(backslashes)}${key.slice(8)} "b"`;
  expect(redact(parted(18))).toBe('<a> [key] "b"');
  expect(redact(parted(19))).toBe(parted(19));
});

describe("[F7] looking for a key takes time in proportion to the text", () => {
  const half = key.slice(0, 16);
  test.each([
    ["words", "the quick brown fox "],
    ["beginnings of the key", half],
    ["its first character", "z"],
    ["backslashes", "\\"],
    ["beginnings between backslashes", `${half}${"\\".repeat(20)}`],
    ["percents", "%25"],
    ["lone percents", "%"],
    ["entities", "&amp;"],
    ["open entities", "&amp"],
    ["cut marks", `${half}…`],
    ["keys", key],
    ["escaped keys", JSON.stringify(JSON.stringify(`\\/${key}`))],
  ])("%s", async (name, piece) => {
    // Without a character that may encode another one, most of these would be passed over natively.
    await expectLinear(name, (size) => `&${piece.repeat(size)}`, redact, { largestSize: 8_000_000 });
  });
});
