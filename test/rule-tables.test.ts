import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { listTests } from "./support/list-tests.ts";
import { findFaults, readRules, readRuleTables } from "./support/rule-tables.ts";

const projectFolder = join(import.meta.dir, "..");

test("every rule of docs/ is held by a test, and every id in a test's name is one of them", async () => {
  expect(findFaults(readRuleTables(projectFolder), await listTests(projectFolder))).toEqual([]);
}, 60_000);

describe("the check itself sees", () => {
  const held = (...ids: string[]) => ({ file: "a.test.ts", name: "t", ids });
  const page = (...rows: string[]) =>
    readRules(
      "p.md",
      [
        "### 1.1 Fields",
        "| Field | What happens | Rules |\n|---|---|---|\n| `x` | other tables | 1.1 |\n",
        "| Rule | What happens | Level |\n|---|---|---|",
        ...rows,
      ].join("\n"),
    );
  const turns = "\n| turn | what a person does | what is said |\n|---|---|---|\n";
  const matrix = "\n| row | fault | what is seen |\n|---|---|---|\n";
  const noTest = "begin the name of one with it, or take the line out";

  test.each<[string, string[], string[], string[]]>([
    [
      "nothing where all is well",
      [
        "| `1.1:a` | a \\| b | MUST |",
        "| `1.1:b` | b | MAY, left out: why |",
        `${matrix}| 3 | a | b |\n| F3 | a | b |`,
        `${turns}| 3 | a | b |`,
      ],
      ["1.1:a", "1.1", "1", "row 3", "F3", "turn 3"],
      [],
    ],
    ["a rule without a test", ["| `1.1:a` | a | MUST |"], [], [`p.md:8: no test holds [1.1:a]; ${noTest}`]],
    [
      "a kept MAY with a test of its section only",
      ["| `1.1:a` | a | MAY |"],
      ["1.1"],
      [`p.md:8: no test holds [1.1:a]; ${noTest}`],
    ],
    [
      "rows without a test",
      [`${matrix}| 3 | a | b |\n| F3 | a | b |`],
      [],
      [`p.md:11: no test holds [row 3]; ${noTest}`, `p.md:12: no test holds [F3]; ${noTest}`],
    ],
    [
      "a SHOULD that is left out",
      ["| `1.1:a` | a | SHOULD, left out: why |"],
      ["1.1:a"],
      ['p.md:8: [1.1:a] is "SHOULD, left out: why"; write MUST, SHOULD, MAY, or "MAY, left out: " and why'],
    ],
    [
      "a left out rule with a test",
      ["| `1.1:a` | a | MAY, left out: why |"],
      ["1.1:a"],
      ["p.md:8: [1.1:a] is left out, but a.test.ts has a test of it"],
    ],
    [
      "ids that are in no table",
      ["| `1.1:a` | a | MUST |"],
      ["1.1:a", "1.1:b", "row 3", "turn 3"],
      ["1.1:b", "row 3", "turn 3"].map(
        (id) =>
          `a.test.ts: [${id}] is in no table of docs/; correct it in the test's name, or write its line: t`,
      ),
    ],
    [
      "an id that comes twice",
      ["| `1.1:a` | a | MUST |", "| `1.1:a` | b | MUST |"],
      ["1.1:a"],
      ["p.md:8: [1.1:a] is also in p.md:9; give one of them another id"],
    ],
    [
      "a rule in another section",
      ["| `1.2:a` | a | MUST |"],
      ["1.2:a"],
      ["p.md:8: [1.2:a] stands in section 1.1; move it to its own"],
    ],
  ])("%s", (_, rows, ids, faults) => {
    expect(findFaults(page(...rows), [held(...ids)])).toEqual(faults);
  });

  test.each(["| `1.1:a` | a | b | MUST |", "| `1.1:a` | | MUST |", "| `1.1:a` | MUST |"])(
    "a line that is not whole: %s",
    (row) => {
      expect(() => page(row)).toThrow("p.md:8 needs three cells with text");
    },
  );
});
