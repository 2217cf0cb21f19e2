import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dir, "../..");
const inDocs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", "SECURITY.md", "CHANGELOG.md", ...inDocs.map((name) => `docs/${name}`)];

/** A page without its blocks of code: what looks like a link or a heading there is none. */
const proseOf = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, "");

/** The names by which the headings of a page can be reached, as GitHub makes them. */
function listAnchors(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of proseOf(text).matchAll(/^#+ (.+)$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
    let name = anchor;
    for (let count = 1; anchors.has(name); count++) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}

/** What the links of a page name that is not there. `read` gives the text of a file; null if there is none. */
function findDeadLinks(page: string, read: (path: string) => string | null): string[] {
  const links = [
    ...proseOf(read(page) ?? "")
      .replace(/`[^`\n]*`/g, "")
      .matchAll(/\]\(([^)\s]+)\)/g),
  ];
  return links
    .map(([, link = ""]) => link)
    .filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = "", anchor] = link.split("#");
      const text = read(path === "" ? page : join(dirname(page), path));
      return text === null || (anchor !== undefined && !listAnchors(text).has(anchor));
    });
}

test.each(pages)("every link of %s leads somewhere", (page) => {
  const read = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null;
  expect(findDeadLinks(page, read)).toEqual([]);
});

test("the check itself sees dead links", () => {
  const files = new Map([
    [
      "a.md",
      "# One `x`\n## One x\n[1](b.md) [2](b.md#gone) [3](gone.md) [4](#one-x-1) [5](#two) [6](https://x.y/z)",
    ],
    ["b.md", "# B\n```\n# gone\n```\n"],
  ]);
  expect(findDeadLinks("a.md", (path) => files.get(path) ?? null)).toEqual(["b.md#gone", "gone.md", "#two"]);
});
