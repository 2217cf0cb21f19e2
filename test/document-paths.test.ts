import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith(".md"),
);

/** The files and folders that a text names from the top of the project on; NAME stands for any name. */
function findPaths(text: string): string[] {
  const named = text.matchAll(/(?<![\w./-])(?:src|test|scripts|docs|\.ci)\/[\w./-]*/g);
  return [...named].map(([path]) => path.replace(/\.$/, "")).filter((path) => !/\bNAME\b/.test(path));
}

test.each(pages)("every path in %s exists", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  expect(findPaths(text).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the check itself sees paths, and none with a name that stands for any", () => {
  const text =
    "see `src/gone.ts`, bun test test/gone and scripts/a/b.ts. Write src/cli/commands/NAME.ts in dist/src/x.";
  expect(findPaths(text)).toEqual(["src/gone.ts", "test/gone", "scripts/a/b.ts"]);
});
