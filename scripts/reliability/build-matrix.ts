import type { NamedTest } from "../mapping/list-tests.ts";
import { rows } from "./rows.ts";

/** The test files of each row, by the `[row 12]` or `[F3]` that the names of tests or of their groups begin with. */
export function findTestsOfRows(tests: readonly NamedTest[]): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { file, name } of tests) {
    for (const [, ids = ""] of name.matchAll(/(?:^| > )\[(?:row )?((?:F?\d+ ?)+)\]/g)) {
      for (const id of ids.split(" ")) found.set(id, (found.get(id) ?? new Set<string>()).add(file));
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
  tests: ReadonlyMap<string, readonly string[]>,
  readFigure: (id: string) => string,
): string {
  const lines = rows.map(({ id, fault, expected }) => {
    const files = (tests.get(id) ?? []).map((path) => `\`${path}\``).join(", ");
    return `| ${id} | ${fault} | ${expected} | ${files === "" ? "none" : files} | ${readFigure(id)} |`;
  });
  return ["| row | fault | what is seen | tests | figure |", "|---|---|---|---|---|", ...lines].join("\n");
}
