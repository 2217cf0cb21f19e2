import { readFileSync, writeFileSync } from "node:fs";

/**
 * Puts `text` between the marks `<!-- begin NAME -->` and `<!-- end NAME -->` of the file. Throws when the marks are
 * not there.
 */
export function replaceSection(path: string, name: string, text: string): void {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const page = readFileSync(path, "utf8");
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${path} has no section ${name}`);
  writeFileSync(path, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}
