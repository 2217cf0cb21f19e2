import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dirname, join as joinNames } from "node:path/posix";

/** For a source: how many imports lie between it and each file that reaches it, itself included. */
export type CountImports = (source: string) => ReadonlyMap<string, number>;

/** What a file names by a relative path: what it imports, and what it starts as a thread. */
const named = /"(\.\.?\/[^"\n]+\.tsx?)"/g;

/**
 * Reads who imports whom.
 * @param files paths from the project's folder; others are not looked at
 */
export function createImportGraph(projectFolder: string, files: readonly string[]): CountImports {
  const known = new Set(files);
  const importers = new Map<string, string[]>();
  for (const file of files) {
    for (const [, path = ""] of readFileSync(join(projectFolder, file), "utf8").matchAll(named)) {
      const imported = joinNames(dirname(file), path);
      if (known.has(imported)) importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  const counted = new Map<string, ReadonlyMap<string, number>>();
  return (source) => {
    const found = counted.get(source) ?? countFrom(source, importers);
    counted.set(source, found);
    return found;
  };
}

function countFrom(source: string, importers: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const counts = new Map([[source, 0]]);
  // A map goes on with what is added while it is walked through: the nearest come first.
  for (const [file, count] of counts) {
    for (const importer of importers.get(file) ?? []) {
      if (!counts.has(importer)) counts.set(importer, count + 1);
    }
  }
  return counts;
}
