// Writes the fault matrix into docs/reliability.md: `bun run table:reliability`. Figures are what the last run of the tests
// has measured; one that it did not measure stays.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listTests } from "../mapping/list-tests.ts";
import { buildMatrix, findTestsOfRows } from "./build-matrix.ts";
import { replaceSection } from "./replace-section.ts";

const projectFolder = join(import.meta.dir, "../..");
const document = join(projectFolder, "docs/reliability.md");
const present = readFileSync(document, "utf8");

function readFigure(id: string): string {
  const path = join(projectFolder, `.cache/figures/row-${id}.txt`);
  if (existsSync(path)) return readFileSync(path, "utf8");
  return new RegExp(`^\\| ${id} \\|.*\\| ([^|]*) \\|$`, "m").exec(present)?.[1] ?? "";
}

const tests = findTestsOfRows(await listTests(projectFolder));
replaceSection(document, "matrix", buildMatrix(tests, readFigure));
