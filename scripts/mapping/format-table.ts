import type { RuleCoverage } from "./match-tests.ts";
import type { RuleSection } from "./rule.ts";

const beginning = "<!-- rules: written by `bun scripts/mapping/mapping-table.ts --write` -->";
const ending = "<!-- end of the rules -->";

/** The coverage as plain lines for a terminal: each rule, and below it its tests. */
export function formatCoverage({ rows }: RuleCoverage): string {
  return rows
    .flatMap(({ rule, tests }) => [
      `${rule.id} (${rule.level})${rule.leftOut === null ? "" : ` left out: ${rule.leftOut}`}`,
      ...tests.map((test) => `    ${test.file}: ${test.name}`),
    ])
    .join("\n");
}

/** The rules as Markdown tables, one a section, and the rules that are left out. */
export function formatDocument(sections: readonly RuleSection[], { rows }: RuleCoverage): string {
  const testsOf = new Map(rows.map(({ rule, tests }) => [rule.id, tests]));
  const tables = sections.flatMap(({ id, title, introduction, rules }) => [
    `### ${[id, title].filter((part) => part !== "").join(" ")}`,
    ...(introduction === "" ? [] : [introduction]),
    [
      "| Rule | What happens | | Tests |",
      "|---|---|---|---|",
      ...rules.map((rule) => {
        const files = [...new Set((testsOf.get(rule.id) ?? []).map((test) => test.file))].toSorted();
        const shown = files.map((file) => file.replace(/^test\//, "").replace(/\.test\.ts$/, ""));
        const held = rule.leftOut === null ? shown.join(", ") : `left out: ${rule.leftOut}`;
        return `| \`${rule.id}\` | ${rule.text.replaceAll("|", "\\|")} | ${rule.level} | ${held} |`;
      }),
    ].join("\n"),
  ]);
  return tables.join("\n\n");
}

/**
 * The document with the text between its two markers replaced.
 * @throws Error when a marker is missing.
 */
export function replaceRules(document: string, text: string): string {
  const start = document.indexOf(beginning);
  const end = document.indexOf(ending);
  if (start === -1 || end < start)
    throw new Error(`docs/mapping.md needs the lines ${beginning} and ${ending}`);
  return `${document.slice(0, start)}${beginning}\n\n${text}\n\n${document.slice(end)}`;
}
