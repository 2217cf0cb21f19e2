import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

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
    .filter((path) => path.endsWith(".ts"))
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

/** The row that a path of `src/` belongs to: its folder with a slash, or its own name. */
function rowOf(path: string): string {
  const slash = path.indexOf("/");
  return slash === -1 ? path : path.slice(0, slash + 1);
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

/** The name under which the table would allow an import; null within one folder. */
function nameImport(file: SourceFile, from: string): string | null {
  if (!from.startsWith(".")) {
    return from.startsWith("@") ? from.split("/").slice(0, 2).join("/") : (from.split("/")[0] ?? from);
  }
  const target = rowOf(posix.join(dirname(file.path), from));
  return target === rowOf(file.path) && target.endsWith("/") ? null : target;
}

function findForbiddenImports(file: SourceFile, table: Map<string, Permission[]>): string[] {
  const permissions = table.get(rowOf(file.path));
  if (permissions === undefined) {
    return [`${file.path} is in a folder that the table does not know`];
  }
  return readImports(file).flatMap(({ from, isTypeImport }) => {
    const name = nameImport(file, from);
    const isAllowed =
      name === null ||
      permissions.some(
        (permission) =>
          (permission.name === name || (permission.name === "node:*" && name.startsWith("node:"))) &&
          (isTypeImport || !permission.isTypesOnly),
      );
    return isAllowed ? [] : [`${file.path} imports ${isTypeImport ? "types of " : ""}${from}`];
  });
}

const sources = readSources();
const table = readImportTable();
const pathsWhere = (isWrong: (file: SourceFile) => boolean) =>
  sources.filter(isWrong).map(({ path }) => path);
const fileOf = (path: string, code: string): SourceFile => ({ path, text: code, code });

test("imports are those of the table in docs/architecture.md", () => {
  expect(sources.flatMap((file) => findForbiddenImports(file, table))).toEqual([]);
});

test("every folder of the table exists", () => {
  const rows = new Set(sources.map(({ path }) => rowOf(path)));
  expect([...table.keys()].filter((row) => !rows.has(row))).toEqual([]);
  expect(table.size).toBe(rows.size);
});

describe("the check itself sees", () => {
  test.each([
    ["a folder", "translate/a.ts", 'import { x } from "../server/b.ts";'],
    ["a value where types are allowed", "translate/request/a.ts", 'import { x } from "../../profiles/b.ts";'],
    ["a value among types", "tokens/a.ts", 'import { type X, x } from "../openai/b.ts";'],
    ["a package", "anthropic/a.ts", 'import { Hono } from "hono";'],
    ["a part of a package", "anthropic/a.ts", 'import { x } from "hono/body-limit";'],
    ["a built-in module", "translate/a.ts", 'import { readFileSync } from "node:fs";'],
    ["a re-export", "json/a.ts", 'export { x } from "../openai/b.ts";'],
    ["a lazy import", "server/a.ts", 'const m = await import("../cli/b.ts");'],
    ["an import for its effect", "json/a.ts", 'import "zod";'],
    ["an import of several lines", "json/a.ts", 'import {\n  a,\n  b,\n} from "zod";'],
    ["a new folder", "utils/a.ts", "export const a = 1;"],
  ])("%s", (_name, path, code) => {
    expect(findForbiddenImports(fileOf(path, code), table)).toHaveLength(1);
  });

  test.each([
    ["types", "tokens/a.ts", 'import type { X } from "../openai/b.ts";'],
    ["names that are all types", "tokens/a.ts", 'import { type X, type Y } from "../openai/b.ts";'],
    ["the own folder", "translate/answer/a.ts", 'import { x } from "../request/b.ts";'],
    ["a built-in module of many", "config/a.ts", 'import { join } from "node:path";'],
  ])("nothing wrong in %s", (_name, path, code) => {
    expect(findForbiddenImports(fileOf(path, code), table)).toEqual([]);
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

test("translate/ and what it imports have no clock, no randomness, no network, no console", () => {
  // Date.parse reads a date that was given and knows nothing of now.
  const impure =
    /\b(?:Date(?!\.parse\b)|Math\.random|random(?:UUID|Bytes|Int)|performance|Bun|process(?=[.[(])|fetch|console|globalThis|setTimeout|setInterval)\b/;
  const inStrings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
  const reachable = collectReachable("translate/");
  expect(reachable.map(({ path }) => path)).toContain("json/json-value.ts");
  expect(
    reachable.filter(({ code }) => impure.test(code.replace(inStrings, '""'))).map(({ path }) => path),
  ).toEqual([]);
});

test("no file of src/ is longer than 250 lines", () => {
  expect(pathsWhere(({ text }) => text.trimEnd().split("\n").length > 250)).toEqual([]);
});

test("no barrels, no default exports, no relative import without its ending", () => {
  expect(pathsWhere(({ path }) => path.endsWith("/index.ts"))).toEqual([]);
  expect(pathsWhere(({ code }) => /\bexport default\b/.test(code))).toEqual([]);
  expect(
    pathsWhere((file) => readImports(file).some(({ from }) => from.startsWith(".") && !from.endsWith(".ts"))),
  ).toEqual([]);
});
