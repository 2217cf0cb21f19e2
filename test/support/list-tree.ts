import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Everything below a folder: path, kind, mode and content. Two equal lists are two equal trees. */
export function listTree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((path) => {
      const stats = lstatSync(join(folder, path));
      const content = stats.isFile() ? readFileSync(join(folder, path), "utf8") : "folder";
      return `${path} ${(stats.mode & 0o7777).toString(8)} ${content}`;
    });
}
