import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { withoutLoneSurrogates } from "../../src/upstream/without-lone-surrogates.ts";

/** The same value with whole characters only, by the engine's own way for each string. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)]),
  );
}

/** Halves of characters beside what looks like them once it is written as JSON. */
const texts = fc
  .array(fc.constantFrom("\ud83d", "\ude00", "\\", "\\ud83d", "ud83d", "\\\\ud83d", '"', "\n", "é", "😀"), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(""));

describe("halves of characters", () => {
  test("[2.2:surrogates] become U+FFFD wherever a string can stand, and nothing else changes", () => {
    const values = fc.oneof(
      fc.record({ a: texts, list: fc.array(texts), inner: fc.dictionary(texts, texts) }),
      fc.jsonValue({ stringUnit: "binary" }),
    );
    fc.assert(
      fc.property(values, (value) => {
        const written = withoutLoneSurrogates(JSON.stringify(value));
        // Two keys may become one.
        expect(JSON.parse(written)).toEqual(wellFormed(JSON.parse(JSON.stringify(value))));
        expect(/\\u[dD][89a-fA-F]/.test(written.replaceAll("\\\\", ""))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("[2.2:surrogates] a text without one is the very same", () => {
    const json = JSON.stringify(["😀", "\\ud83d"]);
    expect(withoutLoneSurrogates(json)).toBe(json);
  });
});
