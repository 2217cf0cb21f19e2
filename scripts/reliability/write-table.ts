// Writes the fault matrix into docs/reliability.md: `bun run table:reliability`. The tests of a row are found by their
// names, which begin with `[row NN]`; figures are what the last run of the tests has measured.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceSection } from "./replace-section.ts";
import { type Row, rows } from "./rows.ts";

const projectFolder = join(import.meta.dir, "../..");

/** The test files of each row, with the number of tests in them that name it. */
function findTests(): Map<number, Map<string, number>> {
  const found = new Map<number, Map<string, number>>();
  const paths = readdirSync(join(projectFolder, "test"), { recursive: true, encoding: "utf8" });
  for (const path of paths.filter((candidate) => candidate.endsWith(".test.ts")).toSorted()) {
    const text = readFileSync(join(projectFolder, "test", path), "utf8");
    for (const [, numbers = ""] of text.matchAll(/\[row ([\d ]+)\]/g)) {
      for (const number of numbers.split(" ").map(Number)) {
        const files = found.get(number) ?? new Map<string, number>();
        found.set(number, files.set(path, (files.get(path) ?? 0) + 1));
      }
    }
  }
  return found;
}

function readFigure(row: number): string {
  const path = join(projectFolder, `.cache/figures/row-${row}.txt`);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

const tests = findTests();
const lines = rows.map(({ number, fault, expected }: Row) => {
  const files = [...(tests.get(number) ?? new Map<string, number>()).keys()];
  const named = files.map((path) => `\`test/${path}\``).join(", ");
  return `| ${number} | ${fault} | ${expected} | ${named === "" ? "none" : named} | ${readFigure(number)} |`;
});
const table = ["| row | fault | what is seen | tests | figure |", "|---|---|---|---|---|", ...lines].join(
  "\n",
);
replaceSection(join(projectFolder, "docs/reliability.md"), "matrix", table);
const missing = rows.filter(({ number }) => !tests.has(number)).map(({ number }) => number);
console.log(
  `${rows.length - missing.length} of ${rows.length} rows have a test; without: ${missing.join(" ") || "none"}`,
);
