import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { equivalents, isEquivalent } from "../../../scripts/mutants/equivalents.ts";
import { isProse } from "../../../scripts/mutants/is-prose.ts";
import { listMutants } from "../../../scripts/mutants/list-mutants.ts";
import { applyMutant } from "../../../scripts/mutants/mutant.ts";

/** What becomes of a source of one line: every version of it, in the order of the places. */
function versionsOf(source: string): string[] {
  return listMutants("a.ts", source).map((mutant) => applyMutant(source, mutant));
}

describe("what is changed", () => {
  test.each<[string, string, string[]]>([
    ["a bound", "const x = a < b;", ["const x = a <= b;"]],
    ["an equality", "const x = a !== b;", ["const x = a === b;"]],
    [
      "a logical operator behind brackets",
      "const x = (a && b) || c;",
      ["const x = (a || b) || c;", "const x = (a && b) && c;"],
    ],
    ["a default, either side of it", "const x = a ?? b;", ["const x = b;", "const x = a;"]],
    ["a negation", "const x = !a;", ["const x = a;"]],
    ["a condition", "if (a) b = c;", ["if (!(a)) b = c;", "if (a) {}"]],
    ["a choice", "const x = a ? b : c;", ["const x = !(a) ? b : c;"]],
    ["arithmetic, but not a sum that may be a text", "const x = a - b + c;", ["const x = a + b + c;"]],
    ["a number", "const x = 5;", ["const x = 6;", "const x = 50;"]],
    ["a short measure", "const waitMs = 50;", ["const waitMs = 51;", "const waitMs = 500;"]],
    ["a long measure, to ten times as much", "const waitMs = 2_000;", ["const waitMs = 20000;"]],
    [
      "the factors of a measure",
      "const x = { mostBytes: 2 * 1024 };",
      [
        "const x = { mostBytes: 3 * 1024 };",
        "const x = { mostBytes: 20 * 1024 };",
        "const x = { mostBytes: 2 / 1024 };",
        "const x = { mostBytes: 2 * 10240 };",
      ],
    ],
    [
      "a large number that is no measure",
      "const status = 400;",
      ["const status = 401;", "const status = 4000;"],
    ],
    ["nought", "const x = 0;", ["const x = 1;"]],
    ["an index", "const x = a[1];", ["const x = a[2];"]],
    ["a truth", "const x = true;", ["const x = false;"]],
    ["a name", 'const x = "retry-after";', ['const x = "";']],
    ["an empty text", 'const x = "";', ['const x = "mutant";']],
    ["a text with values", `const x = \`:\${a}\`;`, ['const x = "";']],
    ["a statement", "a();", ["{}"]],
    ["a sum that grows", "a += b;", ["{}", "a = b;"]],
    [
      "an early return, and not the last one",
      "const f = () => { if (a) return b; return c; };",
      ["const f = () => { if (!(a)) return b; return c; };", "const f = () => { if (a) {} return c; };"],
    ],
    ["a throw", "const f = () => { throw a; };", ["const f = () => { {} };"]],
    ["private members", "class A { #a = 1; }", ["class A { #a = 2; }", "class A { #a = 10; }"]],
  ])("%s", (_, source, versions) => {
    expect(versionsOf(source).sort()).toEqual(versions.sort());
  });
});

test.each<[string, string]>([
  ["types", 'interface A { a: "b" | 3; "c-d": true }'],
  ["names of modules", 'import { a } from "./a.ts"; export { b } from "./b.ts";'],
  ["keys", 'const x = { "content-type": y };'],
  ["texts that only people read", 'const x = new Error("the body is longer than it may be");'],
  ["such texts with values in them", `const x = \`\${host} has answered badly\`;`],
  ["a parent's constructor", "class A extends B { constructor() { super(); } }"],
])("left alone: %s", (_, source) => {
  expect(versionsOf(source)).toEqual([]);
});

test("a mutant knows its lines, and what it changes", () => {
  const source = "// ü😀\nconst x = 1n;\nf(\n  a,\n);\n";
  expect(listMutants("src/a.ts", source)).toEqual([
    {
      file: "src/a.ts",
      line: 3,
      lastLine: 5,
      kind: "statement",
      start: source.indexOf("f("),
      end: source.indexOf(";\n", 25) + 1,
      before: "f(\n  a,\n);",
      after: "{}",
    },
  ]);
});

test("a source that cannot be parsed is an error", () => {
  expect(() => listMutants("a.ts", "const = ;")).toThrow("a.ts: ");
});

test.each<[string, boolean]>([
  ["the upstream broke off", true],
  ["Too large, sorry!", true],
  ["¤ answered ¤ twice", true],
  ["text/event-stream; charset=utf-8", false],
  ["Bearer ¤", false],
  ["retry-after", false],
  ["/v1/messages", false],
  ["¤ ¤ ¤ ¤", false],
  ["", false],
])("read by people only: %p %p", (text, expected) => {
  expect(isProse(text)).toBe(expected);
});

test.each(equivalents)(
  "$file has the mutant that changes nothing: $before -> $after",
  ({ file, ...known }) => {
    const source = readFileSync(join(import.meta.dir, "../../..", file), "utf8");
    const found = listMutants(file, source).filter((mutant) => isEquivalent(mutant, source));
    expect(found).toContainEqual(expect.objectContaining({ before: known.before, after: known.after }));
  },
);
