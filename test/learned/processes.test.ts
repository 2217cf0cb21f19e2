import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLearnedFile } from "../../src/learned/learned-file.ts";

const program = join(import.meta.dir, "learn-until-killed.ts");
let folder: string;
let filePath: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "processes-"));
  filePath = join(folder, "learned.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function learn(upstream: string, most?: number) {
  const counted = most === undefined ? [] : [String(most)];
  return Bun.spawn([process.execPath, "--no-env-file", program, filePath, upstream, ...counted], {
    stdout: "pipe",
    stderr: "inherit",
  });
}

async function valuesOf(upstream: string): Promise<unknown[]> {
  const warn = (message: string) => {
    throw new Error(message);
  };
  const { lessons } = await readLearnedFile(filePath, { nowMs: Date.now(), warn });
  return lessons.filter((lesson) => lesson.upstream === upstream).map(({ value }) => value);
}

test("two processes that learn at the same time lose nothing", async () => {
  const both = ["one", "other"].map((upstream) => learn(upstream, 40));
  const outputs = await Promise.all(both.map(({ stdout }) => new Response(stdout).text()));
  expect(outputs.join("")).not.toContain("warning");
  const all = Array.from({ length: 40 }, (_, index) => index + 1);
  expect(await valuesOf("one")).toEqual(all);
  expect(await valuesOf("other")).toEqual(all);
  expect(readdirSync(folder)).toEqual(["learned.json"]);
}, 30_000);

test("a process that is killed while it writes spoils nothing, and the next one goes on", async () => {
  for (let round = 0; round < 4; round += 1) {
    const killed = learn(`round${round}`);
    const reader = killed.stdout.getReader();
    let output = "";
    // Each is killed at another place of its work.
    while (output.split("\n").length < 5 + round * 3) {
      output += new TextDecoder().decode((await reader.read()).value);
    }
    await Bun.sleep(round);
    killed.kill("SIGKILL");
    await killed.exited;
    reader.releaseLock();
    expect(output).not.toContain("warning");
    const said = output
      .split("\n")
      .filter((line) => line !== "")
      .map((number) => Number(number) + 1);
    expect(await valuesOf(`round${round}`)).toEqual(expect.arrayContaining(said));
    expect(JSON.parse(readFileSync(filePath, "utf8")).version).toBe(1);
  }
  const next = learn("next", 1);
  expect(await new Response(next.stdout).text()).toBe("0\n");
  expect(await valuesOf("next")).toEqual([1]);
  expect(await valuesOf("round0")).not.toEqual([]);
}, 60_000);
