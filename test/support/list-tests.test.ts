import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listTests, readIds, readReport } from "./list-tests.ts";

describe("ids in the name of a test", () => {
  test.each([
    ["[3.4:cost E14] text", ["3.4:cost", "E14"]],
    ["[R0] [R0.1:known] text", ["R0", "R0.1:known"]],
    ["[2.4.10] text", ["2.4.10"]],
    ["[row 3 12] text", ["row 3", "row 12"]],
    ["[F1 F3] text", ["F1", "F3"]],
    ["[F12 row 6 71 5.4:retries] text", ["F12", "row 6", "row 71", "5.4:retries"]],
    ["[F5] [row 82] text", ["F5", "row 82"]],
    ["[turn 83] [7:calibration] text", ["turn 83", "7:calibration"]],
    ["[row 72 turn 100] text", ["row 72", "turn 100"]],
    ["[1,2] is JSON", []],
    ["[] is empty", []],
    ["[row] is no number", []],
    ['"[row 78] text"', []],
    ["text [3.4]", []],
  ])("%j", (name, ids) => {
    expect(readIds(name)).toEqual(ids);
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
      { file: "a.test.ts", name: "[E1] runs", ids: ["E1"] },
      { file: "a.test.ts", name: "nginx > [E2] waits", ids: ["E2"] },
    ]);
  });

  test("is none when a file does not load", async () => {
    await expect(listTestsOf('throw new Error("broken");\n')).rejects.toThrow("error: broken");
  });
});

test("the report of a run names tests with their groups", () => {
  const xml = `<testsuite name="[1.1:model] a &amp; b"><testcase name="[E1] &quot;x&quot;" classname="[1.1:model] a &amp; b" file="test\\a.test.ts" line="3"><skipped /></testcase></testsuite>`;
  expect(readReport(xml)).toEqual([
    { file: "test/a.test.ts", name: '[1.1:model] a & b > [E1] "x"', ids: ["1.1:model", "E1"] },
  ]);
});
