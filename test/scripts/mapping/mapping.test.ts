import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatDocument, replaceRules } from "../../../scripts/mapping/format-table.ts";
import { listTests, readReport, readRuleIds } from "../../../scripts/mapping/list-tests.ts";
import { matchTests } from "../../../scripts/mapping/match-tests.ts";
import type { Rule, RuleLevel } from "../../../scripts/mapping/rule.ts";
import { ruleSections, rules } from "../../../scripts/mapping/rules.ts";

const projectFolder = join(import.meta.dir, "../../..");

test("every rule is held by a test, and docs/mapping.md says by which", async () => {
  const coverage = matchTests(rules, await listTests(projectFolder));
  expect(coverage.faults).toEqual([]);
  const document = readFileSync(join(projectFolder, "docs/mapping.md"), "utf8");
  // `bun scripts/mapping/mapping-table.ts --write` brings it up to date.
  expect(document).toBe(replaceRules(document, formatDocument(ruleSections, coverage)));
}, 60_000);

describe("ids in the name of a test", () => {
  test.each([
    ["[3.4:cost E14] text", ["3.4:cost", "E14"]],
    ["[R0] [R0.1:known] text", ["R0", "R0.1:known"]],
    ["[2.4.10] text", ["2.4.10"]],
    ["[1,2] is JSON", []],
    ["[] is empty", []],
    ["[row 78] text", []],
    ["text [3.4]", []],
  ])("%j", (name, ids) => {
    expect(readRuleIds(name)).toEqual(ids);
  });
});

describe("the list of tests", () => {
  const imports = 'import { describe, test } from "bun:test";\n';
  const listTestsOf = async (source: string) => {
    const folder = mkdtempSync(join(tmpdir(), "list-tests-"));
    try {
      writeFileSync(join(folder, "a.test.ts"), imports + source);
      return await listTests(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test("has the tests of a group that is left out on this machine", async () => {
    const source =
      'test("[E1] runs", () => {});\ndescribe.skip("nginx", () => { test("[E2] waits", () => {}); });\n';
    expect(await listTestsOf(source)).toEqual([
      { file: "a.test.ts", name: "[E1] runs", ruleIds: ["E1"] },
      { file: "a.test.ts", name: "nginx > [E2] waits", ruleIds: ["E2"] },
    ]);
  });

  test("is none when a file does not load", async () => {
    await expect(listTestsOf('throw new Error("broken");\n')).rejects.toThrow("error: broken");
  });
});

test("the report of a run names tests with their groups", () => {
  const xml = `<testsuite name="[1.1:model] a &amp; b"><testcase name="[E1] &quot;x&quot;" classname="[1.1:model] a &amp; b" file="test\\a.test.ts" line="3"><skipped /></testcase></testsuite>`;
  expect(readReport(xml)).toEqual([
    { file: "test/a.test.ts", name: '[1.1:model] a & b > [E1] "x"', ruleIds: ["1.1:model", "E1"] },
  ]);
});

describe("the check itself sees", () => {
  const rule = (id: string, level: RuleLevel, leftOut: string | null = null): Rule => ({
    id,
    level,
    text: "",
    leftOut,
  });
  const held = (...ruleIds: string[]) => ({ file: "a.test.ts", name: "t", ruleIds });

  test.each<[string, Rule[], string[], string[]]>([
    [
      "nothing where all is well",
      [rule("1.1:a", "MUST"), rule("1.1:b", "MAY", "why")],
      ["1.1:a", "1.1", "1"],
      [],
    ],
    ["a rule without a test", [rule("1.1:a", "MUST")], [], ["1.1:a (MUST) has no test"]],
    ["a kept MAY without a test", [rule("1.1:a", "MAY")], ["1.1"], ["1.1:a (MAY) has no test"]],
    ["a SHOULD that is left out", [rule("1.1:a", "SHOULD", "why")], [], ["1.1:a is a SHOULD and left out"]],
    [
      "a left out rule with a test",
      [rule("1.1:a", "MAY", "why")],
      ["1.1:a"],
      ["1.1:a is left out and has a test"],
    ],
    [
      "an id that is no rule",
      [rule("1.1:a", "MUST")],
      ["1.1:a", "1.1:b"],
      ["1.1:b is no rule: a.test.ts: t"],
    ],
    ["an id that comes twice", [rule("1", "MUST"), rule("1", "MUST")], ["1"], ["two rules have the same id"]],
  ])("%s", (_, known, ids, faults) => {
    expect(matchTests(known, [held(...ids)]).faults).toEqual(faults);
  });
});
