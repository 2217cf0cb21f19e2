import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildMatrix, findTestsOfRows } from "../../scripts/reliability/build-matrix.ts";
import { rows } from "../../scripts/reliability/rows.ts";

const withoutFigures = (table: string) => table.replace(/ [^|]*\|$/gm, "");

test("docs/reliability.md has the matrix as it is", () => {
  const page = readFileSync(join(import.meta.dir, "../../docs/reliability.md"), "utf8");
  const table = page.split("<!-- begin matrix -->\n")[1]?.split("\n<!-- end matrix -->")[0] ?? "";
  expect(withoutFigures(table)).toBe(withoutFigures(buildMatrix(() => "")));
});

test("every row of the matrix has a test, and no test has a row that there is none of", () => {
  const tested = [...findTestsOfRows().keys()].toSorted((a, b) => a - b);
  expect(tested).toEqual(rows.map(({ number }) => number));
});
