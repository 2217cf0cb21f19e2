import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freshTests, loneTests, waitingTests } from "../../scripts/lone-tests.ts";

const script = join(import.meta.dir, "../../scripts/test.ts");

/** Six seconds are more than Bun allows a test by itself. */
const tests = `
import { expect, test } from "bun:test";
test("takes six seconds", () => Bun.sleep(6000));
test("takes longer than it says", () => Bun.sleep(6000), 100);
test("fails", () => expect(1).toBe(2));
`;

/** Runs the script in a folder with these test files; gives the results by name, its last line and its exit code. */
async function runTests(files: Readonly<Record<string, string>>, args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "run-of-tests-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = Bun.spawn([process.execPath, "--no-env-file", script, ...args], {
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  const exitCode = await run.exited;
  rmSync(folder, { recursive: true });
  const named = [...err.matchAll(/^\((pass|fail)\) (.+?)(?: \[.*)?$/gm)].map(
    ([, how, name]) => `${how}: ${name}`,
  );
  return { named, last: out.trim().split("\n").at(-1), exitCode };
}

test("tests may take longer than five seconds, and one that times out is counted as failed", async () => {
  expect(await runTests({ "slow.test.ts": tests }, ["slow"])).toEqual({
    named: ["pass: takes six seconds", "fail: takes longer than it says", "fail: fails"],
    last: "1 passed, 2 failed",
    exitCode: 1,
  });
}, 30_000);

/** A test that passes once the other one has begun, too. */
const waitsFor = (own: string, other: string) => `
import { existsSync, writeFileSync } from "node:fs";
import { expect, test } from "bun:test";
test("${own}", async () => {
  writeFileSync("${own}.begun", "");
  for (let tries = 0; tries < 1000 && !existsSync("${other}.begun"); tries += 1) await Bun.sleep(10);
  expect(existsSync("${other}.begun")).toBe(true);
  await Bun.sleep(300);
  writeFileSync("${own}.ended", "");
});
`;

/** A test that passes when both of these have ended before it begins. */
const comesBehind = (own: string, others: readonly string[]) => `
import { existsSync } from "node:fs";
import { expect, test } from "bun:test";
test("${own}", () => expect(${JSON.stringify(others)}.filter((other) => !existsSync(other))).toEqual([]));
`;

const besides = {
  "test/a.test.ts": waitsFor("a", "b"),
  "test/b.test.ts": waitsFor("b", "a"),
};

test.skipIf(availableParallelism() < 2)(
  "two files of tests run beside each other and one that waits, and behind them those that run apart",
  async () => {
    const three = {
      "test/a.test.ts": waitsFor("a", "b"),
      "test/b.test.ts": waitsFor("b", "w"),
      [waitingTests[0] ?? ""]: waitsFor("w", "a"),
    };
    const ended = ["a.ended", "b.ended", "w.ended"];
    const [first = "", second = ""] = loneTests;
    const lone = {
      [first]: comesBehind("first", ended),
      [second]: comesBehind("second", ended),
    };
    const fresh = { [freshTests[0] ?? ""]: comesBehind("fresh", ended) };
    const { named, ...end } = await runTests({ ...three, ...fresh, ...lone }, []);
    expect(named.slice(0, 3).sort()).toEqual(["pass: a", "pass: b", "pass: w"]);
    expect(named.slice(3)).toEqual(["pass: fresh", "pass: first", "pass: second"]);
    expect(end).toEqual({ last: "6 passed, 0 failed", exitCode: 0 });
  },
  60_000,
);

test.skipIf(availableParallelism() < 2).each([
  ["beside others", { ...besides, "test/c.test.ts": 'throw new Error("does not load");' }],
  ["alone", { ...besides, [loneTests[0] ?? ""]: 'throw new Error("does not load");' }],
  ["beside others, and ends its process", { ...besides, "test/c.test.ts": "process.exit(0);" }],
  ["that waits", { ...besides, [waitingTests[0] ?? ""]: 'throw new Error("does not load");' }],
  ["alone, and ends its process", { ...besides, [loneTests[0] ?? ""]: "process.exit(0);" }],
])(
  "a file that does not load is a failure: %s",
  async (_where, files) => {
    const { last, exitCode } = await runTests(files, []);
    expect([last, exitCode]).toEqual(["2 passed, 1 failed", 1]);
  },
  60_000,
);

test("the tests that run apart are there, and all that measure proportions are among them", () => {
  const root = join(import.meta.dir, "../..");
  expect(
    [...loneTests, ...freshTests, ...waitingTests].filter((path) => !existsSync(join(root, path))),
  ).toEqual([]);
  const measuring = [...new Bun.Glob("test/**/*.test.ts").scanSync(root)].filter((path) =>
    /^import .*(?:expect-linear|linear-answer)\.ts";$/m.test(readFileSync(join(root, path), "utf8")),
  );
  expect(measuring.map((path) => path.replaceAll("\\", "/")).toSorted()).toEqual(freshTests.toSorted());
});
