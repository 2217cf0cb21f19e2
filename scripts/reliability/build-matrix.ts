import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rows } from "./rows.ts";

const projectFolder = join(import.meta.dir, "../..");

/** The test files of each row, by the `[row NN]` that the names of tests begin with; paths as in the repository. */
export function findTestsOfRows(): Map<number, string[]> {
  const found = new Map<number, Set<string>>();
  const names = readdirSync(join(projectFolder, "test"), { recursive: true, encoding: "utf8" });
  const paths = names.map((name) => `test/${name.replaceAll("\\", "/")}`);
  for (const path of paths.filter((candidate) => candidate.endsWith(".test.ts")).toSorted()) {
    const text = readFileSync(join(projectFolder, path), "utf8");
    for (const [, numbers = ""] of text.matchAll(/\[row ([\d ]+)\]/g)) {
      for (const number of numbers.split(" ").map(Number)) {
        found.set(number, (found.get(number) ?? new Set<string>()).add(path));
      }
    }
  }
  return new Map([...found].map(([number, files]) => [number, [...files]]));
}

/** The fault matrix as a Markdown table. `readFigure` gives what was measured for a row, or "". */
export function buildMatrix(readFigure: (row: number) => string): string {
  const tests = findTestsOfRows();
  const lines = rows.map(({ number, fault, expected }) => {
    const files = (tests.get(number) ?? []).map((path) => `\`${path}\``).join(", ");
    return `| ${number} | ${fault} | ${expected} | ${files === "" ? "none" : files} | ${readFigure(number)} |`;
  });
  return ["| row | fault | what is seen | tests | figure |", "|---|---|---|---|---|", ...lines].join("\n");
}
