import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { findExcess } from "../../src/json/find-excess.ts";
import { type LargeJson, parseLargeJson } from "../../src/server/parse-large-json.ts";
import type { StepRunner } from "../../src/turns/run-steps.ts";
import { runNow } from "../../src/turns/turns.ts";

const limits = { depth: 500, values: 500_000 };
const encoder = new TextEncoder();

/** What is told of the bytes when they are parsed at once; null where they are no JSON. */
function parseAtOnce(bytes: Uint8Array, most = limits): LargeJson | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const excess = findExcess(text, most);
    return excess === null ? { value: JSON.parse(text) } : { excess };
  } catch {
    return null;
  }
}

/** With members in their order, and `__proto__` as the member that it is. */
function write(parsed: LargeJson | null): string {
  return JSON.stringify(parsed);
}

/** Writes characters of texts as escapes here and there, as a client may. */
function escapeSome(json: string, every: number): string {
  let written = "";
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (character === "\\") {
      const length = json.charAt(at + 1) === "u" ? 6 : 2;
      written += json.slice(at, at + length);
      at += length - 1;
    } else if (character === '"') {
      isText = !isText;
      written += character;
    } else if (isText && at % every === 0) {
      written += `\\u${json.charCodeAt(at).toString(16).padStart(4, "0")}`;
    } else written += character;
  }
  return written;
}

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: fc.constantFrom("\\", '"', "a", "é", "😀", "\n", "\ufeff"), maxLength: 60 }),
);
const keys = fc.oneof(texts, fc.constantFrom("__proto__", "1", "2", "a", "constructor"));
const { json: values } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, 0, -1.5e30, ""),
    texts,
    fc.array(tie("json"), { maxLength: 12 }),
    fc
      .array(fc.tuple(keys, tie("json")), { maxLength: 8 })
      .map((members) => Object.fromEntries(members) as unknown),
  ),
}));
const blanks = fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\r"), maxLength: 12 });
const jsonTexts = fc
  .tuple(values, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 9 }), blanks, blanks)
  .map(([value, indent, every, before, behind]) => {
    return before + escapeSome(JSON.stringify(value, null, indent), every) + behind;
  });
const pieceSizes = fc.integer({ min: 9, max: 80 });

describe("[F3] a body that is parsed in pieces", () => {
  test("gives the value that it gives at once", async () => {
    await fc.assert(
      fc.asyncProperty(jsonTexts, pieceSizes, async (json, pieceBytes) => {
        const bytes = encoder.encode(json);
        const parsed = await parseLargeJson(bytes, limits, runNow, pieceBytes);
        // What is short is left to whoever parses it at once, and any number here is.
        if (parsed === null) expect(encoder.encode(json.trim()).length).toBeLessThan(pieceBytes + 1);
        else expect(write(parsed)).toBe(write(parseAtOnce(bytes)));
      }),
      { numRuns: 2_000 },
    );
  });

  test("gives the value of members that come twice, in the order of the first", async () => {
    const member = fc.tuple(fc.constantFrom("a", "b", "1", "__proto__", "long".repeat(20)), values);
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 12 }), pieceSizes, async (members, pieceBytes) => {
        const written = members.map(([key, value]) => `${JSON.stringify(key)} : ${JSON.stringify(value)}`);
        const bytes = encoder.encode(`{${written.join(" , ")}}`);
        const parsed = await parseLargeJson(bytes, limits, runNow, pieceBytes);
        if (parsed !== null) expect(write(parsed)).toBe(write(parseAtOnce(bytes)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("gives nothing where it is no JSON or no UTF-8, and the excess where it has too much", async () => {
    const change = fc.record({
      at: fc.nat(),
      cut: fc.nat({ max: 4 }),
      put: fc.oneof(
        fc
          .string({ unit: fc.constantFrom(...'[]{},:"\\ nul0-u'), maxLength: 4 })
          .map((text) => encoder.encode(text)),
        fc.uint8Array({ maxLength: 3 }),
      ),
    });
    const fewer = { depth: 5, values: 40 };
    await fc.assert(
      fc.asyncProperty(jsonTexts, change, pieceSizes, async (json, { at, cut, put }, pieceBytes) => {
        const bytes = encoder.encode(json);
        const from = at % (bytes.length + 1);
        const changed = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
        const parsed = await parseLargeJson(changed, fewer, runNow, pieceBytes);
        if (parsed !== null) expect(write(parsed)).toBe(write(parseAtOnce(changed, fewer)));
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    "[1,,2]",
    "[,1]",
    "[1,]",
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1,,"b":2}',
    '{"a":-[1]}',
    '{"a":1[2]}',
    '["a"["b"]]',
    '{["a"]:1}',
    '{"a"}',
    '{"a":"b":"c"}',
    '{"a""b"}',
    "[1}",
    '{"a":1]',
    "[1]]",
    "[[1]",
    "[1] [2]",
    '"a" "b"',
    "[1],",
    ']["a"][',
    '["a\nb"]',
    String.raw`["\x"]`,
    String.raw`["\u00g0"]`,
    String.raw`["a\"]`,
  ])("is none where it would be none at once: %s", async (short) => {
    // Long enough in each of its parts to be taken apart.
    const long = short
      .replaceAll("1", "1".repeat(40))
      .replaceAll("2", "2".repeat(40))
      .replaceAll("a", "a".repeat(40))
      .replaceAll("b", "b".repeat(40));
    for (const json of [short, long, `[${long}]`, `{"x":${long}}`, ` ${long} `]) {
      const bytes = encoder.encode(json);
      expect(parseAtOnce(bytes)).toBeNull();
      for (const pieceBytes of [8, 20, 60]) {
        expect(await parseLargeJson(bytes, limits, runNow, pieceBytes)).toBeNull();
      }
    }
  });

  test("is taken apart in texts, lists and objects alike: no step parses much more than it may", async () => {
    const text = 'The quick "brown" fox.\n'.repeat(5_000);
    const items = Array.from({ length: 10_000 }, (_, index) => ({ n: index, t: "…" }));
    const shapes = [
      text,
      [text],
      { a: { b: [{ c: text }] } },
      { [text]: 1 },
      items,
      { a: items },
      Object.fromEntries(items.map((item, index) => [`k${index}`, item])),
    ];
    for (const shape of shapes) {
      const bytes = encoder.encode(JSON.stringify(shape));
      let steps = 0;
      const count: StepRunner = (step) => {
        steps += 1;
        return step();
      };
      expect(write(await parseLargeJson(bytes, limits, count, 1_000))).toBe(write({ value: shape }));
      expect(steps).toBeGreaterThan(bytes.length / 3_000);
    }
  });

  test("has its mark of the byte order left out, and only that one", async () => {
    const json = JSON.stringify(["\ufeff".repeat(20), "\ufeff"]);
    const bytes = encoder.encode(`\ufeff${json}`);
    expect(await parseLargeJson(bytes, limits, runNow, 8)).toEqual({ value: JSON.parse(json) });
    expect(await parseLargeJson(encoder.encode(`\ufeff\ufeff${json}`), limits, runNow, 8)).toBeNull();
  });
});
