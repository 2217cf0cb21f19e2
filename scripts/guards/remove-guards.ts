// Takes one guard at a time out of a copy of the sources, where a comment marks it, and runs the tests that should fail:
// `bun scripts/guards/remove-guards.ts [part of a guard's name]`. The last line is a count; the exit code is not 0 when no
// test fails without a guard. `--write` puts the result into docs/reliability.md.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bunTest } from "../bun-test.ts";
import { copyProject } from "../copy-project.ts";
import { replaceSection } from "../replace-section.ts";
import { type GuardMark, takeOutGuard } from "./find-marks.ts";
import { type Guard, guards } from "./guards.ts";
import { readMarks } from "./read-marks.ts";

const projectFolder = join(import.meta.dir, "../..");
const folder = copyProject("guards");

/**
 * The names of the tests that fail.
 * @param only names of tests; null runs all of the files
 */
async function runTests(files: readonly string[], only: readonly string[] | null): Promise<string[]> {
  // Bun writes the name of a group and that of its test apart, and looks for them with a space between.
  const pattern = only?.map((name) => RegExp.escape(name).replaceAll(RegExp.escape(" > "), ".*")).join("|");
  const filter = pattern === undefined ? [] : ["--test-name-pattern", `^(?:${pattern})$`];
  const run = Bun.spawn([...bunTest, ...filter, ...files], { cwd: folder, stdout: "pipe", stderr: "pipe" });
  const [errors, output] = await Promise.all([run.stderr.text(), run.stdout.text()]);
  await run.exited;
  const failed = (errors + output).matchAll(/^\(fail\) (.+?)(?: \[[\d.]+ms\])?$/gm);
  return [...new Set([...failed].map(([, name = ""]) => name))];
}

/** The names of the tests that fail without the guard, twice, and pass with it: others may fail for want of time. */
async function failuresWithout(mark: GuardMark, { tests }: Guard): Promise<string[]> {
  const path = join(folder, mark.file);
  const source = readFileSync(path, "utf8");
  writeFileSync(path, takeOutGuard(source, mark));
  let failures: string[];
  try {
    failures = await runTests(tests, null);
    if (failures.length > 0) failures = await runTests(tests, failures);
  } finally {
    writeFileSync(path, source);
  }
  const others = failures.length === 0 ? [] : await runTests(tests, failures);
  return failures.filter((name) => !others.includes(name));
}

const part = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const marks = new Map(readMarks().map((mark) => [mark.name, mark]));
const rows: string[] = [];
let unproven = 0;
try {
  for (const guard of guards.filter(({ name }) => name.includes(part))) {
    const mark = marks.get(guard.name);
    if (mark === undefined) throw new Error(`no comment in src marks the guard "${guard.name}"`);
    const failures = await failuresWithout(mark, guard);
    if (failures.length === 0) unproven += 1;
    console.log(
      `${guard.name}: ${failures.length} tests fail${failures[0] === undefined ? "" : `, as: ${failures[0]}`}`,
    );
    const [first = "**none**"] = failures;
    const shown = [first.replaceAll("|", "\\|"), ...(guard.remark === undefined ? [] : [guard.remark])].join(
      ". ",
    );
    rows.push(`| ${guard.name} | \`${mark.file}\` | ${failures.length} | ${shown} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (process.argv.includes("--write")) {
  const head = ["| guard | where | tests that fail without it | one of them |", "|---|---|---|---|"];
  replaceSection(join(projectFolder, "docs/reliability.md"), "guards", [...head, ...rows].join("\n"));
}
console.log(`a test fails without ${rows.length - unproven} of ${rows.length} guards`);
process.exit(unproven === 0 ? 0 : 1);
