import { describe, expect, test } from "bun:test";
import { SecretFilter } from "../../src/secrets/secret-filter.ts";
import { createSecretFinder } from "../../src/secrets/secret-finder.ts";
import { expectLinear } from "../support/expect-linear.ts";
import { encodings, key } from "./encodings.ts";

const finder = createSecretFinder([key, "another-client-key-31337"]);

function createFilter(): SecretFilter {
  if (finder === null) throw new Error("nothing to find");
  return new SecretFilter(finder, "[key]");
}

function filter(pieces: readonly string[]): string {
  const made = createFilter();
  return pieces.map((piece) => made.push(piece)).join("") + made.finish();
}

describe("[F7] a key in pieces is taken out, wherever it is cut", () => {
  test.each(encodings)("%s", (_name, encode) => {
    const text = `the key "${encode(key)}" is ${encode(key)}`;
    const whole = filter([text]);
    expect(whole.split("[key]")).toHaveLength(3);
    expect(whole).not.toContain(encode(key).slice(30));
    expect(filter([...text])).toBe(whole);
    for (let at = 1; at < text.length; at += 1) {
      expect(filter([text.slice(0, at), text.slice(at)])).toBe(whole);
      expect(filter([text.slice(0, at), text.slice(at, at + 2), text.slice(at + 2)])).toBe(whole);
    }
  });
});

test("[F7] a key goes that stands close behind one that was cut", () => {
  for (const begun of ["z", "zz", "zz9", "zz9-", "zz9-p"]) {
    const told = begun.slice(0, 3);
    const rest = filter([`${begun}…${key} x`]).slice(begun.length + 1);
    expect([told, rest]).toEqual([told, "zz9[key] x"]);
    expect(filter([...`${begun}…${key} x`]).slice(begun.length + 1)).toBe("zz9[key] x");
  }
});

test("three characters of a key wait for nothing, a fourth one does", () => {
  const made = createFilter();
  expect(["as", " zz9", "-p", "lu", " no"].map((piece) => made.push(piece))).toEqual([
    "as",
    " zz9",
    "",
    "",
    "-plu no",
  ]);
  expect(made.push("zz9-plural/up")).toBe("zz9");
  expect([made.finish(), made.finish()]).toEqual(["-plural/up", ""]);
});

test("what is held back is no longer than the longest form of a key", () => {
  const made = createFilter();
  const text = [...key]
    .map((character) => `${"\\".repeat(16)}u00${character.charCodeAt(0).toString(16)}`)
    .join("");
  let heldLength = 0;
  let givenLength = 0;
  for (const [index, character] of [...text.slice(0, -1).repeat(50)].entries()) {
    givenLength += made.push(character).length;
    heldLength = Math.max(heldLength, index + 1 - givenLength);
  }
  expect(heldLength).toBeLessThan(text.length + 20);
});

describe("[F7] filtering takes time in proportion to the text", () => {
  test.each([
    ["words", "the quick brown fox "],
    ["beginnings of the key", key.slice(0, 16)],
    ["backslashes", "\\"],
    ["percents", "%25"],
    ["entities", "&amp;"],
    ["keys", key],
  ])("%s", async (name, piece) => {
    const run = (text: string) => {
      const made = createFilter();
      for (let at = 0; at < text.length; at += 3) made.push(text.slice(at, at + 3));
      made.finish();
    };
    await expectLinear(name, (size) => piece.repeat(size), run, { largestSize: 8_000_000 });
  });
});
