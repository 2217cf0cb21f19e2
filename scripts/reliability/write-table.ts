// Writes the fault matrix into docs/reliability.md: `bun run table:reliability`. Figures are what the last run of the tests
// has measured.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listTests } from "../mapping/list-tests.ts";
import { buildMatrix, findTestsOfRows } from "./build-matrix.ts";
import { replaceSection } from "./replace-section.ts";

const projectFolder = join(import.meta.dir, "../..");

function readFigure(row: number): string {
  const path = join(projectFolder, `.cache/figures/row-${row}.txt`);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

const tests = findTestsOfRows(await listTests(projectFolder));
replaceSection(join(projectFolder, "docs/reliability.md"), "matrix", buildMatrix(tests, readFigure));
