import type { NamedTest } from "../mapping/list-tests.ts";
import { rows } from "./rows.ts";

/**
 * The test files of each row, by the `[row 12]`, `[F3]` or `[F12 row 6 5.4:retries]` that the names of tests or of their
 * groups begin with.
 */
export function findTestsOfRows(tests: readonly NamedTest[]): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { file, name } of tests) {
    for (const [, ids = ""] of name.matchAll(/(?<=^| > |\] )\[([^\]]+)\]/g)) {
      for (const id of findRowIds(ids.split(" "))) {
        found.set(id, (found.get(id) ?? new Set<string>()).add(file));
      }
    }
  }
  return new Map([...found].map(([id, files]) => [id, [...files].toSorted()]));
}

/** Numbers are rows behind the word only: rules have numbers, too. */
function findRowIds(words: readonly string[]): string[] {
  const row = words.indexOf("row");
  const numbers = row === -1 ? [] : words.slice(row + 1).filter((word) => /^\d+$/.test(word));
  return [...words.filter((word) => /^F\d+$/.test(word)), ...numbers];
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
