// Takes one guard at a time out of a copy of the sources and runs the tests that should notice:
// `bun scripts/guards/remove-guards.ts [part of a guard's name]`. The last line is a count; the exit code is not 0 when a
// guard was not missed. `--write` puts the result into docs/reliability.md.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bunTest } from "../bun-test.ts";
import { copyProject } from "../copy-project.ts";
import { replaceSection } from "../replace-section.ts";
import { type Guard, guards } from "./guards.ts";

const projectFolder = join(import.meta.dir, "../..");

/** The names of the tests that fail without the guard. */
async function failuresWithout(guard: Guard, folder: string): Promise<string[]> {
  const path = join(folder, guard.file);
  const source = readFileSync(path, "utf8");
  if (!source.includes(guard.text)) throw new Error(`${guard.file} has no ${guard.text}`);
  writeFileSync(
    path,
    source.replace(guard.text, () => guard.without),
  );
  try {
    const run = Bun.spawn([...bunTest, ...guard.tests], {
      cwd: folder,
      stdout: "pipe",
      stderr: "pipe",
    });
    const output = (await run.stderr.text()) + (await run.stdout.text());
    await run.exited;
    const failed = output.matchAll(/^\(fail\) (.+?)(?: \[[\d.]+ms\])?$/gm);
    return [...new Set([...failed].map(([, name = ""]) => name))];
  } finally {
    writeFileSync(path, source);
  }
}

const part = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const folder = copyProject("guards");
const rows: string[] = [];
let unmissed = 0;
try {
  for (const guard of guards.filter(({ name }) => name.includes(part))) {
    const failures = await failuresWithout(guard, folder);
    if (failures.length === 0) unmissed += 1;
    console.log(
      `${guard.name}: ${failures.length} tests fail${failures[0] === undefined ? "" : `, as: ${failures[0]}`}`,
    );
    const [first = "**none**"] = failures;
    rows.push(`| ${guard.name} | \`${guard.file}\` | ${failures.length} | ${first.replaceAll("|", "\\|")} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (process.argv.includes("--write")) {
  const head = ["| guard | where | tests that fail without it | one of them |", "|---|---|---|---|"];
  replaceSection(join(projectFolder, "docs/reliability.md"), "guards", [...head, ...rows].join("\n"));
}
console.log(`${rows.length - unmissed} of ${rows.length} guards are missed when they are gone`);
process.exit(unmissed === 0 ? 0 : 1);
