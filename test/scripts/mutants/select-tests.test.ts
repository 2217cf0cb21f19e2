import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type MeasuredTest, readLcov } from "../../../scripts/mutants/coverage.ts";
import { createImportGraph } from "../../../scripts/mutants/import-graph.ts";
import type { Mutant } from "../../../scripts/mutants/mutant.ts";
import { selectTests, splitIntoBatches } from "../../../scripts/mutants/select-tests.ts";
import { isFast } from "../../../scripts/mutants/tested-files.ts";

const source = "src/translate/answer/calls/tool-calls.ts";
const mutant: Mutant = {
  file: source,
  line: 10,
  lastLine: 12,
  kind: "statement",
  start: 0,
  end: 1,
  before: "a",
  after: "b",
};

function measured(file: string, ms: number, lines: number[] = []): MeasuredTest {
  return { file, ms, lines: { [source]: lines } };
}

const allAsFar = (files: readonly string[]) => () => new Map(files.map((file) => [file, 1]));

/** @param known those that were measured before; all by default */
async function select(tests: MeasuredTest[], file = source, known = tests): Promise<string[]> {
  const of = (list: MeasuredTest[], name: string) => list.find((test) => test.file === name);
  const files = tests.map((test) => test.file);
  const chosen: string[] = [];
  const measure = async (name: string) => of(tests, name) ?? null;
  const selected = selectTests(
    { ...mutant, file },
    { files, known: (name) => of(known, name), measure, countImports: allAsFar(files) },
  );
  for await (const test of selected) chosen.push(test.file);
  return chosen;
}

test("those that run one of the mutant's lines are run, the closest first and the quickest of them", async () => {
  const tests = [
    measured("test/faults/strange-chunks.test.ts", 100, [11]),
    measured("test/translate/tools/tool-ids.test.ts", 100, [11]),
    measured("test/translate/answer/calls/mend-json.test.ts", 300, [12]),
    measured("test/translate/answer/calls/tool-arguments.test.ts", 200, [10]),
    measured("test/translate/answer/calls/tool-calls.test.ts", 900, [10]),
    measured("test/translate/answer/cited-sources.test.ts", 1, [9, 13]),
  ];
  expect(await select(tests)).toEqual([
    "test/translate/answer/calls/tool-calls.test.ts",
    "test/translate/answer/calls/tool-arguments.test.ts",
    "test/translate/answer/calls/mend-json.test.ts",
    "test/translate/tools/tool-ids.test.ts",
    "test/faults/strange-chunks.test.ts",
  ]);
});

test("what no test runs is tried with the folder's tests", async () => {
  const tests = [measured("test/translate/answer/a.test.ts", 1), measured("test/server/b.test.ts", 1)];
  expect(await select(tests)).toEqual(["test/translate/answer/a.test.ts"]);
});

test("tests of another thread or program are known by hand", async () => {
  const tests = [
    measured("test/tokens/tokenizer.test.ts", 1),
    measured("test/logging/logger.test.ts", 1),
    measured("test/faults/log-faults.test.ts", 1),
  ];
  expect(await select(tests, "src/tokens/tokenizer-worker.ts")).toEqual(["test/tokens/tokenizer.test.ts"]);
  expect(await select(tests, "src/logging/log-file.ts")).toEqual([
    "test/logging/logger.test.ts",
    "test/faults/log-faults.test.ts",
  ]);
});

test("those known by hand come behind the one that is named like the source", async () => {
  const file = "src/relay/exchange.ts";
  const tests = ["relay/a", "relay/exchange", "server/request-records"].map((name, index) => ({
    ...measured(`test/${name}.test.ts`, index),
    lines: { [file]: [10] },
  }));
  expect(await select(tests, file)).toEqual([
    "test/relay/exchange.test.ts",
    "test/server/request-records.test.ts",
    "test/relay/a.test.ts",
  ]);
});

test("the farthest are left out when together they take too long", async () => {
  const tests = ["a", "b", "c"].map((name) =>
    measured(`test/translate/answer/${name}.test.ts`, 14_000, [10]),
  );
  expect(await select(tests)).toEqual(["test/translate/answer/a.test.ts", "test/translate/answer/b.test.ts"]);
  expect(await select([measured("test/translate/answer/a.test.ts", 60_000, [10])])).toHaveLength(1);
});

test("the closest are run without a look at what they run; the others are measured, each in its turn", async () => {
  const tests = Array.from({ length: 9 }, (_, index) =>
    measured(`test/translate/answer/calls/${index}.test.ts`, 1, index === 7 ? [] : [10]),
  );
  const turns: string[] = [];
  const chosen: string[] = [];
  const name = (file: string) => file.slice(-9, -8);
  const selected = selectTests(mutant, {
    files: tests.map(({ file }) => file),
    // What is known comes before what is not.
    known: (file) => (name(file) === "8" ? tests[8] : undefined),
    measure: async (file) => {
      turns.push(name(file));
      return tests.find((test) => test.file === file) ?? null;
    },
    countImports: () => new Map(tests.map(({ file }) => [file, 1])),
  });
  for await (const { file, ms } of selected) chosen.push(`${name(file)} ${ms}`);
  expect(chosen).toEqual(["8 1", "0 null", "1 null", "2 null", "3 null", "4 null", "5 1", "6 1"]);
  expect(turns).toEqual(["8", "5", "6", "7"]);
});

test("what no test runs does not make all of them be measured", async () => {
  const tests = Array.from({ length: 60 }, (_, index) => measured(`test/server/${index}.test.ts`, 1));
  let turns = 0;
  const measure = async () => {
    turns += 1;
    return null;
  };
  const files = tests.map(({ file }) => file);
  const chosen = await Array.fromAsync(
    selectTests(mutant, {
      files,
      known: () => undefined,
      measure,
      countImports: allAsFar(files),
    }),
  );
  expect([chosen, turns]).toEqual([[], 40]);
});

test("those that import the source by fewer others come first, and those that do not reach it never", async () => {
  const tests = ["far", "near", "apart", "by-hand"].map((name) =>
    measured(`test/server/${name}.test.ts`, 1, [10]),
  );
  const files = tests.map(({ file }) => file);
  const counts = new Map([
    ["test/server/far.test.ts", 3],
    ["test/server/near.test.ts", 1],
  ]);
  const chosen = selectTests(mutant, {
    files,
    known: (file) => tests.find((test) => test.file === file),
    measure: async (file) => tests.find((test) => test.file === file) ?? null,
    countImports: () => counts,
  });
  const names = (await Array.fromAsync(chosen)).map(({ file }) => file);
  expect(names).toEqual(["test/server/near.test.ts", "test/server/far.test.ts"]);
});

test("imports are counted on the shortest way, threads among them", () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-imports-"));
  try {
    const files = {
      "src/a.ts": 'export const a = 1; // "./gone.ts"',
      "src/b.ts": 'import { a } from "./a.ts"; import { z } from "zod";',
      "src/thread.ts": 'const { b } = await import("./b.ts");',
      "src/c.ts": 'new Worker(new URL("./thread.ts", import.meta.url));',
      "test/c.test.ts": 'import {\n  c,\n} from "../src/c.ts";\nimport { b } from "../src/b.ts";',
      "test/d.test.ts": 'import { expect } from "bun:test";',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const countImports = createImportGraph(folder, Object.keys(files));
    expect(Object.fromEntries(countImports("src/a.ts"))).toEqual({
      "src/a.ts": 0,
      "src/b.ts": 1,
      "src/thread.ts": 2,
      "test/c.test.ts": 2,
      "src/c.ts": 3,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("runs are short, but for a file that takes long by itself", async () => {
  const tests = [3, 2, 2, 9, 1].map((ms, index) => measured(`${index}`, ms));
  const split = (files: MeasuredTest[]) => Array.fromAsync(splitIntoBatches(files, 5));
  const batches = (await split(tests)).map((batch) => batch.map(({ ms }) => ms));
  expect(batches).toEqual([[3, 2], [2], [9], [1]]);
  expect(await split([])).toEqual([]);
});

test("lines that were run are read of a report, those of the sources only", () => {
  const report = [
    "TN:\nSF:src/a.ts\nFNF:1\nDA:1,4\nDA:2,0\nDA:30,1\nLF:3\nend_of_record",
    "TN:\nSF:test/support/b.ts\nDA:1,1\nend_of_record\n",
  ];
  expect(readLcov(report.join("\n"))).toEqual({ "src/a.ts": [1, 30] });
});

test.each([
  ["test/protocols/chat/answer/golden.test.ts", true],
  ["test/faults/requests.test.ts", true],
  ["test/end-to-end/claude-code.test.ts", false],
  ["test/cli/claude-command.test.ts", true],
  ["test/cli/serve.test.ts", false],
  ["test/dashboard/requests.test.ts", false],
  ["test/server/dashboard/record-api.test.ts", true],
  ["test/protocols/chat/answer/linear-answers.test.ts", false],
  ["test/faults/slow-clients.test.ts", false],
  ["test/release/reproducible.test.ts", false],
])("fast enough for every mutant: %s %p", (file, expected) => {
  expect(isFast(file)).toBe(expected);
});
