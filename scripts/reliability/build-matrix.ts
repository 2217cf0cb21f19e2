import type { NamedTest } from "../mapping/list-tests.ts";
import { rows } from "./rows.ts";

/** The test files of each row, by the `[row NN]` that the names of tests or of their groups begin with. */
export function findTestsOfRows(tests: readonly NamedTest[]): Map<number, string[]> {
  const found = new Map<number, Set<string>>();
  for (const { file, name } of tests) {
    for (const [, numbers = ""] of name.matchAll(/(?:^| > )\[row ([\d ]+)\]/g)) {
      for (const number of numbers.split(" ").map(Number)) {
        found.set(number, (found.get(number) ?? new Set<string>()).add(file));
      }
    }
  }
  return new Map([...found].map(([number, files]) => [number, [...files].toSorted()]));
}

/**
 * The fault matrix as a Markdown table.
 * @param tests what `findTestsOfRows` found
 * @param readFigure gives what was measured for a row, or ""
 */
export function buildMatrix(
  tests: ReadonlyMap<number, readonly string[]>,
  readFigure: (row: number) => string,
): string {
  const lines = rows.map(({ number, fault, expected }) => {
    const files = (tests.get(number) ?? []).map((path) => `\`${path}\``).join(", ");
    return `| ${number} | ${fault} | ${expected} | ${files === "" ? "none" : files} | ${readFigure(number)} |`;
  });
  return ["| row | fault | what is seen | tests | figure |", "|---|---|---|---|---|", ...lines].join("\n");
}
