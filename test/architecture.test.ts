import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

const root = join(import.meta.dir, "..");

interface SourceFile {
  /** Below `src/`, with slashes. */
  path: string;
  text: string;
  /** Without comments. */
  code: string;
}

interface Permission {
  name: string;
  isTypesOnly: boolean;
}

function readSources(): SourceFile[] {
  const src = join(root, "src");
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => {
      const text = readFileSync(join(src, path), "utf8");
      return { path, text, code: text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "") };
    });
}

/** The rows of the table in docs/architecture.md: what each folder (or `main.ts`) may import. */
function readImportTable(): Map<string, Permission[]> {
  const rows = readFileSync(join(root, "docs/architecture.md"), "utf8").matchAll(
    /^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$/gm,
  );
  return new Map(
    [...rows].map(([, folder = "", permissions = ""]) => [
      folder,
      [...permissions.matchAll(/`([^`]+)`( \(types\))?/g)].map(([, name = "", types]) => ({
        name,
        isTypesOnly: types !== undefined,
      })),
    ]),
  );
}

/** The row that a path of `src/` belongs to: the deepest of the folders that it is below, or its own name. */
function rowOf(path: string, rows: readonly string[]): string {
  let row = path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : path;
  for (const other of rows)
    if (other.endsWith("/") && path.startsWith(other) && other.length > row.length) row = other;
  return row;
}

function readImports({ code }: SourceFile): { from: string; isTypeImport: boolean }[] {
  const found = code.matchAll(
    /\b(?:import|export)\s+(type\b)?([^;"'()]*?)\bfrom\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g,
  );
  return [...found].map(([, isType, names = "", from = "", bare = ""]) => {
    const specifiers =
      /\{([^}]*)\}/
        .exec(names)?.[1]
        ?.split(",")
        .filter((name) => name.trim() !== "") ?? [];
    const isEachType = specifiers.length > 0 && specifiers.every((name) => name.trim().startsWith("type "));
    return { from: from + bare, isTypeImport: isType !== undefined || isEachType };
  });
}

/** The name under which the table would allow an import; null within one row. */
function nameImport(file: SourceFile, from: string, rows: readonly string[]): string | null {
  if (!from.startsWith(".")) {
    return from.startsWith("@") ? from.split("/").slice(0, 2).join("/") : (from.split("/")[0] ?? from);
  }
  const target = rowOf(targetOf(file, from), rows);
  return target === rowOf(file.path, rows) && target.endsWith("/") ? null : target;
}

/** The path below `src/` of the file that a relative import names. */
function targetOf(file: SourceFile, from: string): string {
  return posix.join(dirname(file.path), from);
}

/** Whether a permission is about an import of this name. */
function concerns(permission: Permission, name: string): boolean {
  return permission.name === name || (permission.name === "node:*" && name.startsWith("node:"));
}

function findForbiddenImports(file: SourceFile, table: Map<string, Permission[]>): string[] {
  const known = [...table.keys()];
  const permissions = table.get(rowOf(file.path, known));
  if (permissions === undefined) {
    return [`${file.path} is in a folder that the table does not know`];
  }
  return readImports(file).flatMap(({ from, isTypeImport }) => {
    const name = nameImport(file, from, known);
    const isAllowed =
      name === null ||
      permissions.some(
        (permission) => concerns(permission, name) && (isTypeImport || !permission.isTypesOnly),
      );
    return isAllowed ? [] : [`${file.path} imports ${isTypeImport ? "types of " : ""}${from}`];
  });
}

/** Permissions that no file of their row uses, and those of values that are used for types alone. */
function findUnusedPermissions(files: readonly SourceFile[], table: Map<string, Permission[]>): string[] {
  const unused: string[] = [];
  const known = [...table.keys()];
  for (const [row, permissions] of table) {
    const used = files
      .filter(({ path }) => rowOf(path, known) === row)
      .flatMap((file) =>
        readImports(file).map(({ from, isTypeImport }) => ({
          name: nameImport(file, from, known) ?? "",
          isTypeImport,
        })),
      );
    for (const permission of permissions) {
      const uses = used.filter(({ name }) => concerns(permission, name));
      if (uses.length === 0) unused.push(`${row} never imports ${permission.name}`);
      else if (!permission.isTypesOnly && uses.every(({ isTypeImport }) => isTypeImport))
        unused.push(`${row} imports types of ${permission.name} only`);
    }
  }
  return unused;
}

/** The circles in a graph of names: each as the names on its way, from the first in order to itself. */
function findCircles(graph: Map<string, Set<string>>): string[] {
  const circles = new Set<string>();
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    const start = way.indexOf(name);
    if (start !== -1) {
      circles.add([...way.slice(start), name].join(" -> "));
      return;
    }
    if (done.has(name)) return;
    for (const next of graph.get(name) ?? []) visit(next, [...way, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return [...circles];
}

/** Which file imports which, types included. */
function graphOfFiles(files: readonly SourceFile[]): Map<string, Set<string>> {
  return new Map(
    files.map((file) => [
      file.path,
      new Set(readImports(file).flatMap(({ from }) => (from.startsWith(".") ? [targetOf(file, from)] : []))),
    ]),
  );
}

/** The same of the rows of the table. */
function graphOfRows(files: readonly SourceFile[], rows: readonly string[]): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const [path, targets] of graphOfFiles(files)) {
    const row = rowOf(path, rows);
    const others = [...targets].map((target) => rowOf(target, rows)).filter((other) => other !== row);
    graph.set(row, new Set([...(graph.get(row) ?? []), ...others]));
  }
  return graph;
}

const sources = readSources();
const table = readImportTable();
const rows = [...table.keys()];
const pathsWhere = (isWrong: (file: SourceFile) => boolean) =>
  sources.filter(isWrong).map(({ path }) => path);
const fileOf = (path: string, code: string): SourceFile => ({ path, text: code, code });

test("imports are those of the table in docs/architecture.md", () => {
  expect(sources.flatMap((file) => findForbiddenImports(file, table))).toEqual([]);
});

test("every row of the table has files, and every file a row", () => {
  const used = new Set(sources.map(({ path }) => rowOf(path, rows)));
  expect([...used].toSorted()).toEqual(rows.toSorted());
});

test("every permission of the table is used, for what it allows", () => {
  expect(findUnusedPermissions(sources, table)).toEqual([]);
});

test("no file and no folder imports itself by way of others, types included", () => {
  expect(findCircles(graphOfFiles(sources))).toEqual([]);
  expect(findCircles(graphOfRows(sources, rows))).toEqual([]);
});

test("no wire imports another one", () => {
  const wireOf = (path: string) => /^protocols\/([^/]+)\//.exec(path)?.[1];
  const crossings = [...graphOfFiles(sources)].flatMap(([path, targets]) => {
    const own = wireOf(path);
    return [...targets].filter((target) => own !== undefined && (wireOf(target) ?? own) !== own);
  });
  expect(crossings).toEqual([]);
});

describe("the check itself sees", () => {
  test.each([
    ["a folder", "translate/answer/a.ts", 'import { x } from "../../server/b.ts";'],
    ["a value where types are allowed", "translate/answer/a.ts", 'import { x } from "../../profiles/b.ts";'],
    ["a value among types", "logging/a.ts", 'import { type X, x } from "../config/b.ts";'],
    ["another wire", "protocols/chat/a.ts", 'import { x } from "../responses/b.ts";'],
    ["a sub-folder", "translate/answer/a.ts", 'import { x } from "../failures/b.ts";'],
    ["a package", "anthropic/a.ts", 'import { Hono } from "hono";'],
    ["a part of a package", "anthropic/a.ts", 'import { x } from "hono/body-limit";'],
    ["a built-in module", "translate/a.ts", 'import { readFileSync } from "node:fs";'],
    ["a re-export", "json/a.ts", 'export { x } from "../upstream/b.ts";'],
    ["a lazy import", "server/a.ts", 'const m = await import("../cli/b.ts");'],
    ["an import for its effect", "json/a.ts", 'import "zod";'],
    ["an import of several lines", "json/a.ts", 'import {\n  a,\n  b,\n} from "zod";'],
    ["a new folder", "utils/a.ts", "export const a = 1;"],
  ])("%s", (_name, path, code) => {
    expect(findForbiddenImports(fileOf(path, code), table)).toHaveLength(1);
  });

  test.each([
    ["types", "routing/a.ts", 'import type { X } from "../config/b.ts";'],
    ["names that are all types", "routing/a.ts", 'import { type X, type Y } from "../config/b.ts";'],
    ["the own row", "translate/answer/calls/a.ts", 'import { x } from "../text/b.ts";'],
    ["a built-in module of many", "config/a.ts", 'import { join } from "node:path";'],
  ])("nothing wrong in %s", (_name, path, code) => {
    expect(findForbiddenImports(fileOf(path, code), table)).toEqual([]);
  });
});

describe("the search for circles sees", () => {
  const circlesOf = (graph: Record<string, string[]>) =>
    findCircles(new Map(Object.entries(graph).map(([name, others]) => [name, new Set(others)])));
  test.each<[string, Record<string, string[]>, string[]]>([
    ["two", { a: ["b"], b: ["a"] }, ["a -> b -> a"]],
    ["one behind others", { a: ["b"], b: ["c"], c: ["d"], d: ["b"] }, ["b -> c -> d -> b"]],
    ["itself", { a: ["a"] }, ["a -> a"]],
    ["none where two ways meet", { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, []],
  ])("%s", (_name, graph, expected) => {
    expect(circlesOf(graph)).toEqual(expected);
  });
  test("an import of types", () => {
    const files = [
      fileOf("a/one.ts", 'import type { X } from "../b/two.ts";'),
      fileOf("b/two.ts", 'import { type Y } from "../a/one.ts";'),
    ];
    expect(findCircles(graphOfFiles(files))).toEqual(["a/one.ts -> b/two.ts -> a/one.ts"]);
    expect(findCircles(graphOfRows(files, ["a/", "b/"]))).toEqual(["a/ -> b/ -> a/"]);
  });
});

describe("the search for unused permissions sees", () => {
  const file = fileOf("a/one.ts", 'import type { X } from "../b/two.ts";\nimport { y } from "zod";');
  const permission = (name: string, isTypesOnly = false): Permission => ({ name, isTypesOnly });
  test.each<[string, Permission[], string[]]>([
    [
      "what nobody imports",
      [permission("b/", true), permission("zod"), permission("hono")],
      ["a/ never imports hono"],
    ],
    ["values where types do", [permission("b/"), permission("zod")], ["a/ imports types of b/ only"]],
    ["nothing wrong", [permission("b/", true), permission("zod")], []],
  ])("%s", (_name, permissions, expected) => {
    expect(
      findUnusedPermissions(
        [file],
        new Map([
          ["a/", permissions],
          ["b/", []],
        ]),
      ),
    ).toEqual(expected);
  });
});

test("the environment is read in config/ only", () => {
  expect(
    pathsWhere(
      ({ path, code }) =>
        !path.startsWith("config/") &&
        /\b(?:process|Bun|import\.meta)\.env\b|\{[^}]*\benv\b[^}]*\} = process\b/.test(code),
    ),
  ).toEqual([]);
});

test("the program ends in main.ts only", () => {
  expect(pathsWhere(({ path, code }) => path !== "main.ts" && /\bprocess\.exit\b/.test(code))).toEqual([]);
});

/** The files of one folder and all files whose code they get to run. */
function collectReachable(folder: string): SourceFile[] {
  const reached = new Set(sources.filter(({ path }) => path.startsWith(folder)));
  for (const file of reached) {
    for (const { from, isTypeImport } of readImports(file)) {
      const target = posix.join(dirname(file.path), from);
      const imported = sources.find(({ path }) => from.startsWith(".") && !isTypeImport && path === target);
      if (imported !== undefined) {
        reached.add(imported);
      }
    }
  }
  return [...reached];
}

test("translate/, protocols/ and what they import have no clock, no randomness, no network, no console", () => {
  // Date.parse reads a date that was given and knows nothing of now.
  const impure =
    /\b(?:Date(?!\.parse\b)|Math\.random|random(?:UUID|Bytes|Int)|performance|Bun|process(?=[.[(])|fetch|console|globalThis|setTimeout|setInterval)\b/;
  const inStrings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
  const reachable = ["translate/", "protocols/"].flatMap(collectReachable);
  expect(reachable.map(({ path }) => path)).toContain("json/json-value.ts");
  expect(
    reachable.filter(({ code }) => impure.test(code.replace(inStrings, '""'))).map(({ path }) => path),
  ).toEqual([]);
});

test("no file of src/ is longer than 250 lines", () => {
  expect(pathsWhere(({ text }) => text.trimEnd().split("\n").length > 250)).toEqual([]);
});

/** Their own lines all count, blank ones and comments too: Biome's rule leaves these out. */
const mostLinesOfFunction = 60;

function findLongFunctions({ path, text }: SourceFile): string[] {
  const long: string[] = [];
  const check = ({ start, end }: { start: number; end: number }): void => {
    const lines = text.slice(start, end).split("\n").length;
    if (lines <= mostLinesOfFunction) return;
    long.push(`${path}:${text.slice(0, start).split("\n").length} has ${lines} lines`);
  };
  const { program, errors } = parseSync(path, text);
  expect(errors).toEqual([]);
  new Visitor({
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
  }).visit(program);
  return long;
}

test("no function of src/ is longer than 60 lines", () => {
  expect(sources.flatMap(findLongFunctions)).toEqual([]);
});

describe("the search for long functions sees", () => {
  test.each([
    ["a declaration", "export async function f() {", "}"],
    ["a method", "class C { #f(): void {", "} }"],
    ["a getter", "const o = { get f() {", "} };"],
    ["an arrow function", "const f = () => [", "];"],
    ["a function in another one", "const f = () => function () {", "};"],
  ])("%s", (_name, start, end) => {
    const textOf = (lines: number) => `\n// é\n${start}${"\n".repeat(lines - 1)}${end}\n`;
    const found = findLongFunctions(fileOf("a/one.ts", textOf(61)));
    expect(found).toContain("a/one.ts:3 has 61 lines");
    expect(findLongFunctions(fileOf("a/one.ts", textOf(60)))).toEqual([]);
  });
});

test("no barrels, no default exports, no relative import without its ending", () => {
  expect(pathsWhere(({ path }) => path.endsWith("/index.ts"))).toEqual([]);
  expect(pathsWhere(({ code }) => /\bexport default\b/.test(code))).toEqual([]);
  expect(
    pathsWhere((file) => readImports(file).some(({ from }) => from.startsWith(".") && !/\.tsx?$/.test(from))),
  ).toEqual([]);
});
