// Prints every rule of the translation with the tests that hold it, and fails when a rule that is kept has none.
// `--write` also writes the table into docs/mapping.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatCoverage, formatDocument, replaceRules } from "./format-table.ts";
import { listTests } from "./list-tests.ts";
import { matchTests } from "./match-tests.ts";
import { ruleSections, rules } from "./rules.ts";

const projectFolder = join(import.meta.dir, "../..");
const documentFile = join(projectFolder, "docs/mapping.md");

const coverage = matchTests(rules, await listTests(projectFolder));
console.log(formatCoverage(coverage));
if (process.argv.includes("--write")) {
  const document = readFileSync(documentFile, "utf8");
  writeFileSync(documentFile, replaceRules(document, formatDocument(ruleSections, coverage)));
}
const kept = coverage.rows.filter(({ rule }) => rule.leftOut === null);
const leftOut = coverage.rows.length - kept.length;
console.log(
  `\n${kept.length} rules are kept, ${leftOut} that may be left out are; ${coverage.faults.length} faults`,
);
for (const fault of coverage.faults) console.error(fault);
process.exit(coverage.faults.length === 0 ? 0 : 1);
