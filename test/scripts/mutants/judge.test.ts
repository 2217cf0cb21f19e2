import { describe, expect, test } from "bun:test";
import { countAllowed, maxLivingShare } from "../../../scripts/mutants/judge.ts";
import { describeMutant, type Mutant } from "../../../scripts/mutants/mutant.ts";
import { formatSection } from "../../../scripts/mutants/report.ts";
import { findFailure } from "../../../scripts/mutants/run-tests.ts";
import { drawLots, takeSample } from "../../../scripts/mutants/take-sample.ts";
import type { Verdict } from "../../../scripts/mutants/try-mutant.ts";

const mutant: Mutant = {
  file: "src/a.ts",
  line: 7,
  lastLine: 7,
  kind: "logic",
  start: 0,
  end: 1,
  before: "||",
  after: "&&",
};

/** The chance that more than `allowed` of `tried` live, by counting out, when `maxLivingShare` of all do. */
function chanceOfMore(tried: number, allowed: number): number {
  let chances = [1];
  for (let index = 0; index < tried; index += 1) {
    chances = [...chances, 0].map(
      (chance, living) => chance * (1 - maxLivingShare) + (chances[living - 1] ?? 0) * maxLivingShare,
    );
  }
  return chances.slice(allowed + 1).reduce((sum, chance) => sum + chance, 0);
}

describe("how many may live", () => {
  test.each([0, 1, 10, 60, 150, 500])(
    "of %i so many that chance goes beyond them in one of a hundred",
    (tried) => {
      const allowed = countAllowed(tried);
      expect(chanceOfMore(tried, allowed)).toBeLessThanOrEqual(0.01);
      if (allowed > 0) expect(chanceOfMore(tried, allowed - 1)).toBeGreaterThan(0.01);
    },
  );

  test("of a sample of 60 it is 10, and of all hardly more than the share", () => {
    expect([countAllowed(60), countAllowed(8000) / 8000 < maxLivingShare + 0.01]).toEqual([10, true]);
  });
});

test("a sample is made by its seed alone, in the order of the places", () => {
  const items = Array.from({ length: 1000 }, (_, index) => index);
  const sample = takeSample(items, 60, "abc");
  expect(sample).toEqual(takeSample(items, 60, "abc"));
  expect(sample).toHaveLength(60);
  expect(sample).toEqual(sample.toSorted((a, b) => a - b));
  expect(sample).not.toEqual(takeSample(items, 60, "abd"));
  expect(takeSample([1, 2], 60, "abc")).toEqual([1, 2]);
});

test("lots put all of them in an order of the seed's own", () => {
  const items = Array.from({ length: 1000 }, (_, index) => index);
  const drawn = drawLots(items, "abc");
  expect(drawn).toEqual(drawLots(items, "abc"));
  expect(drawn).not.toEqual(drawLots(items, "abd"));
  expect(drawn.toSorted((a, b) => a - b)).toEqual(items);
  // Each tenth of the places is among the first tenth that is drawn.
  expect(new Set(drawn.slice(0, 100).map((item) => Math.floor(item / 100))).size).toBe(10);
});

describe("the first failure of a run", () => {
  test.each<[string, string, string | null, string | null]>([
    [
      "a test",
      "test/a/b.test.ts:\n(pass) one [1.00ms]\n(fail) two > three [0.20ms]\n(fail) four\n",
      "test/a/b.test.ts",
      "two > three",
    ],
    [
      "a file that cannot be loaded",
      "\ntest/a.test.ts:\n(pass) one\n\ntest/b.test.ts:\nerror: x\n",
      "test/b.test.ts",
      null,
    ],
    ["a crash at the start", "panic: oh no\n", null, null],
  ])("%s", (_, output, failedFile, failedTest) => {
    expect(findFailure(output)).toEqual({ failedFile, failedTest });
  });
});

test("a mutant is told on one line", () => {
  expect(describeMutant(mutant)).toBe("src/a.ts:7 [logic] || -> &&");
  expect(describeMutant({ ...mutant, before: "f(\n  a,\n);", after: "{}" })).toBe(
    "src/a.ts:7 [logic] f( a, ); -> nothing",
  );
});

test("the section of the page counts, and names those that live", () => {
  const verdicts: Verdict[] = [
    { mutant, fate: "lives", noticedBy: null, testFiles: 3 },
    { mutant: { ...mutant, before: "`a`", after: "{}" }, fate: "lives", noticedBy: null, testFiles: 3 },
    { mutant, fate: "failed", noticedBy: "a test", testFiles: 3 },
    { mutant, fate: "timed out", noticedBy: "test/a.test.ts", testFiles: 3 },
    { mutant, fate: "types", noticedBy: null, testFiles: 3 },
  ];
  expect(formatSection({ verdicts, candidates: 90, seed: "abc", minutes: 1.26 })).toBe(
    [
      "```",
      "seed abc: 5 of 90 mutants in 1.3 minutes",
      "1 made a test fail, 1 made one hang, 1 only the compiler noticed",
      "2 of 5 live (40 %); 2 may: 8 % and the chance of a sample",
      "```",
      "",
      "| lives | was | became |",
      "|---|---|---|",
      "| `src/a.ts:7` | `\\|\\|` | `&&` |",
      "| `src/a.ts:7` | `` `a` `` | *nothing* |",
    ].join("\n"),
  );
});
