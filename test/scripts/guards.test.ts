import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findMarks, takeOutGuard } from "../../scripts/guards/find-marks.ts";
import { guards } from "../../scripts/guards/guards.ts";
import { readMarks } from "../../scripts/guards/read-marks.ts";

const names = guards.map(({ name }) => name);

test("every guard that is listed has one mark in the sources, and every mark is listed", () => {
  expect(
    readMarks()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(names.toSorted());
  expect(new Set(names).size).toBe(names.length);
});

test("the table of guards has a row for each", () => {
  const page = readFileSync(join(import.meta.dir, "../../docs/reliability.md"), "utf8");
  const section = page.slice(page.indexOf("<!-- begin guards -->"), page.indexOf("<!-- end guards -->"));
  const rows = [...section.matchAll(/^\| ([^|]+) \| `src\//gm)].map(([, name]) => name);
  expect(rows).toEqual(names);
});

/** The source without each of its guards. */
function versionsOf(source: string): string[] {
  return findMarks("a.ts", source).map((mark) => takeOutGuard(source, mark));
}

describe("what stands without a guard", () => {
  test.each<[string, string, string]>([
    ["a condition never holds", "if (a > b) throw c;", "if (false) throw c;"],
    ["a loop never runs", "while (a) b();", "while (false) b();"],
    ["a call is taken out", "a.on(b, c);", "{}"],
  ])("%s", (_, before, after) => {
    expect(versionsOf(`// guard: g\n${before}`)).toEqual([`// guard: g\n${after}`]);
  });

  test.each<[string, string, string, string]>([
    ["a condition", "a", "if (a || b) c();", "if (a) c();"],
    ["an expression", "a(0)", "a(b);", "a(0);"],
    ["a constant", "(b) => a(b)", "const f = (b) => a(b, c);", "const f = (b) => a(b);"],
    ["what is returned", "b", "function f(b) { return a ? b : c; }", "function f(b) { return b; }"],
    ["a member", "Number.MAX_VALUE", "x = { a: 1 };", "x = { a: Number.MAX_VALUE };"],
  ])("%s is what the mark says", (_, named, before, after) => {
    const place = /return|a: 1/;
    const mark = `\n// guard: g; without it: ${named}\n`;
    const put = (text: string) =>
      place.test(before) ? text.replace(/return|a: /, (word) => mark + word) : mark + text;
    expect(versionsOf(put(before))).toEqual([put(after)]);
  });

  test("two guards of one statement, behind other comments and on an exported constant's member", () => {
    const marks = "// guard: g\n/* more */ // guard: h; without it: b\n";
    expect(versionsOf(`${marks}if (a && b) c();`)).toEqual([
      `${marks}if (false) c();`,
      `${marks}if (b) c();`,
    ]);
    const member = (value: string) => `export const x = {\n  // guard: g; without it: 0\n  a: ${value},\n};`;
    expect(versionsOf(member("5"))).toEqual([member("0")]);
  });

  test("comments that only speak of a guard mark nothing", () => {
    expect(versionsOf("// A guard: see there.\nif (a) b();\n/* guard: g */\nif (a) b();")).toEqual([]);
  });
});

describe("a mark that cannot be used is an error", () => {
  test.each<[string, string]>([
    ["// guard: g\nfunction f() {}", '"guard: g" stands above nothing that can be taken out'],
    ["// guard: g", '"guard: g" stands above nothing that can be taken out'],
    ["// guard:\nif (a) b();", '"guard:" names no guard'],
    ["// guard: g\nconst a = b;", '"guard: g" has to say what stands there without it'],
    ["// guard: g; without it: 1\nconst a = 2, b = 3;", '"guard: g; without it: 1" has to say'],
    [
      "// guard: g; without it: b(c)\nif (a.c) b();",
      '"guard: g; without it: b(c)" names b, c, which it does not replace',
    ],
    ["// guard: g; without it: a(\nif (a) b();", "expression.ts: "],
  ])("%p", (source, message) => {
    expect(() => findMarks("a.ts", source)).toThrow(message);
  });
});
