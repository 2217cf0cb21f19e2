import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type StopNode, StopSequences } from "../../../../src/translate/answer/text/stop-sequences.ts";

const root: StopNode = 0;

/** The sequence that ends at each character, and the beginning that each ends with; read in one walk. */
function walk(sequences: readonly string[], text: string): [ending: string | null, beginning: string][] {
  const tree = new StopSequences(sequences);
  let node = root;
  return [...text].map((character) => {
    node = tree.next(node, character.charCodeAt(0));
    return [tree.ending(node), tree.beginning(node)];
  });
}

/** The same, looked for anew at each character. */
function search(sequences: readonly string[], text: string): [ending: string | null, beginning: string][] {
  const known = sequences.filter((sequence) => sequence !== "");
  const longestFirst = (one: string, other: string) => other.length - one.length;
  const beginnings = known.flatMap((sequence) =>
    Array.from({ length: sequence.length }, (_, index) => sequence.slice(0, index + 1)),
  );
  return Array.from({ length: text.length }, (_, index) => {
    const read = text.slice(0, index + 1);
    const ending = known.toSorted(longestFirst).find((sequence) => read.endsWith(sequence)) ?? null;
    const beginning = beginnings.toSorted(longestFirst).find((part) => read.endsWith(part)) ?? "";
    return [ending, beginning];
  });
}

describe("[1.5] stop sequences in one walk over a text", () => {
  test.each([
    ["one", ["END"], "an END, ENEND and EN"],
    ["one that begins within itself", ["aab"], "aaab aabaab"],
    ["one within another", ["she", "he", "hers"], "ushers she he"],
    ["one behind another in its branch", ["abcd", "bc", "c"], "abcx abcd"],
    ["several that begin alike", ["a1", "a2", "a3", "a33"], "a a1 a2 a3 a33 a4"],
    ["several that go on alike", ["xa", "ya", "xb", "yb", "xyb"], "xaya xbyb xyb"],
    ["one twice", ["no", "no"], "no nono"],
    ["beyond ASCII", ["é…", "\u0080", "…"], "é… \u0080…é"],
    ["an empty one", ["", "a"], "ba"],
    ["none", [], "text"],
  ])("%s", (_, sequences, text) => {
    expect(walk(sequences, text)).toEqual(search(sequences, text));
  });

  test("as they are found when looked for at each character", () => {
    const letters = fc.constantFrom("a", "b", "c", "é");
    const sequence = fc.string({ unit: letters, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(sequence, { maxLength: 8 }),
        fc.string({ unit: letters, maxLength: 40 }),
        (sequences, text) => {
          expect(walk(sequences, text)).toEqual(search(sequences, text));
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ["a", true],
    ["b", false],
    ["\u007f", true],
    ["\u007e", false],
    // Not known of what is beyond ASCII.
    ["\u0080", true],
    ["…", true],
  ])("whether one may begin with %j: %p", (character, mayBegin) => {
    const tree = new StopSequences(["ab", "\u007fb"]);
    expect(tree.mayBegin(character.charCodeAt(0))).toBe(mayBegin);
  });

  test("outside of all there is no ending and no beginning", () => {
    const tree = new StopSequences(["ab"]);
    expect([tree.ending(root), tree.beginning(root)]).toEqual([null, ""]);
  });
});
