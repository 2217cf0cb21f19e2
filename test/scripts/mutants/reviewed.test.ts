import { expect, test } from "bun:test";
import { join } from "node:path";
import { locateReviewed } from "../../../scripts/mutants/reviewed.ts";

const projectFolder = join(import.meta.dir, "../../..");

test("each mutant of the review has its place in the sources", () => {
  const gone = locateReviewed(projectFolder).filter(({ mutant }) => mutant === null);
  expect(gone).toEqual([]);
});

test("where a file is missing the mutant is gone", () => {
  const located = locateReviewed(join(projectFolder, "no-such-folder"));
  expect(located.map(({ mutant }) => mutant)).toEqual(located.map(() => null));
  expect(located).toHaveLength(23);
});
