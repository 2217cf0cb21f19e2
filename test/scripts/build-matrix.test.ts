import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listTests } from "../../scripts/mapping/list-tests.ts";
import { buildMatrix, findTestsOfRows } from "../../scripts/reliability/build-matrix.ts";
import { rows } from "../../scripts/reliability/rows.ts";

const projectFolder = join(import.meta.dir, "../..");

const withoutFigures = (table: string) => table.replace(/ [^|]*\|$/gm, "");

test("docs/reliability.md has the matrix as it is, with a test of every row and no row that there is none of", async () => {
  const tests = findTestsOfRows(await listTests(projectFolder));
  const page = readFileSync(join(projectFolder, "docs/reliability.md"), "utf8");
  const table = page.split("<!-- begin matrix -->\n")[1]?.split("\n<!-- end matrix -->")[0] ?? "";
  expect(withoutFigures(table)).toBe(withoutFigures(buildMatrix(tests, () => "")));
  expect([...tests.keys()].toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
}, 60_000);

test("a row is one that the name of a test or of its group begins with", () => {
  const named = (file: string, name: string) => ({ file, name, ruleIds: [] });
  const found = findTestsOfRows([
    named("b.test.ts", "[row 3 12] both"),
    named("a.test.ts", "[row 3] a group > its test"),
    named("a.test.ts", "a group > [row 4] its test"),
    named("a.test.ts", "[row 3] the same file once more"),
    named("c.test.ts", 'ids in the name of a test > "[row 78] text"'),
    named("c.test.ts", "a name with [row 79] inside"),
    named("c.test.ts", "[F1 F3] faults of a review"),
    named("c.test.ts", "[4.2:limit] a rule"),
    named("d.test.ts", "[F12 row 6 5.4:retries] a fault, a row and a rule"),
    named("d.test.ts", "[F5] [row 82] a fault and a row"),
  ]);
  expect([...found]).toEqual([
    ["3", ["a.test.ts", "b.test.ts"]],
    ["12", ["b.test.ts"]],
    ["4", ["a.test.ts"]],
    ["F1", ["c.test.ts"]],
    ["F3", ["c.test.ts"]],
    ["F12", ["d.test.ts"]],
    ["6", ["d.test.ts"]],
    ["F5", ["d.test.ts"]],
    ["82", ["d.test.ts"]],
  ]);
});
