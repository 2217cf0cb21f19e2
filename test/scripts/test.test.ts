import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(import.meta.dir, "../../scripts/test.ts");

/** Six seconds are more than Bun allows a test by itself. */
const tests = `
import { expect, test } from "bun:test";
test("takes six seconds", () => Bun.sleep(6000));
test("takes longer than it says", () => Bun.sleep(6000), 100);
test("fails", () => expect(1).toBe(2));
`;

test("tests may take longer than five seconds, and one that times out is counted as failed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "run-of-tests-"));
  writeFileSync(join(folder, "slow.test.ts"), tests);
  const run = Bun.spawn([process.execPath, "--no-env-file", script, "slow"], {
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  const named = [...err.matchAll(/^\((pass|fail)\) (.+?) \[/gm)].map(([, how, name]) => `${how}: ${name}`);
  expect({ named, last: out.trim().split("\n").at(-1), exitCode: await run.exited }).toEqual({
    named: ["pass: takes six seconds", "fail: takes longer than it says", "fail: fails"],
    last: "1 passed, 2 failed",
    exitCode: 1,
  });
  rmSync(folder, { recursive: true });
}, 30_000);
