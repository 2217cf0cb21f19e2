import { dirname, join, relative } from "node:path";

const root = join(import.meta.dir, "../..");

/** What a start loads: our own modules by their path, and packages by their name. */
export interface StartImports {
  modules: string[];
  packages: string[];
}

/** Follows the imports that run when `entries` (paths from the project's root) are loaded, not those inside functions. */
export async function findStartImports(entries: readonly string[]): Promise<StartImports> {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const waiting = entries.map((entry) => join(root, entry));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (modules.has(path)) continue;
    modules.add(path);
    const source = await Bun.file(path).text();
    for (const { kind, path: target } of new Bun.Transpiler({ loader: "ts" }).scanImports(source)) {
      if (kind !== "import-statement") continue;
      if (target.startsWith(".")) waiting.push(join(dirname(path), target));
      else if (!/^(node|bun)[:]?/.test(target)) packages.add(packageOf(target));
    }
  }
  return {
    modules: [...modules].map((path) => relative(root, path)).sort(),
    packages: [...packages].sort(),
  };
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
