import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTarget, formatProgramName, releaseTargets } from "../../scripts/release/targets.ts";

const root = join(import.meta.dir, "../..");

function run(words: string[], cwd: string, env: Record<string, string> = {}): void {
  const { exitCode, stderr } = Bun.spawnSync(words, { cwd, env: { ...process.env, ...env } });
  // Bun tells of the runtime of another system, which it downloads the first time.
  expect([exitCode, exitCode === 0 ? "" : stderr.toString()]).toEqual([0, ""]);
}

/** Builds the commit that is checked out, in a clone somewhere else and in another time zone; gives the sha256. */
function buildClone(zone: string): string {
  const folder = mkdtempSync(join(tmpdir(), "reproducible-"));
  run(["git", "clone", "--quiet", root, "clone"], folder);
  const clone = join(folder, "clone");
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  const words = [process.execPath, "--no-env-file", "scripts/build.ts", "--target", "bun-linux-arm64"];
  run([...words, "--outfile", join(folder, "claude-proxy")], clone, { TZ: zone });
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, "claude-proxy")))
    .digest("hex");
  rmSync(folder, { recursive: true });
  return digest;
}

test("two builds of one commit give the same program", () => {
  expect(buildClone("America/Caracas")).toBe(buildClone("Asia/Kathmandu"));
}, 120_000);

test("there are the eight targets, named in one way", () => {
  expect(releaseTargets.map(({ name }) => name)).toEqual([
    "linux-x64",
    "linux-arm64",
    "linux-x64-musl",
    "linux-arm64-musl",
    "macos-x64",
    "macos-arm64",
    "windows-x64",
    "windows-arm64",
  ]);
  expect(formatProgramName(findTarget("windows-arm64"))).toBe("claude-proxy.exe");
  expect(() => findTarget("plan9")).toThrow("There is no target plan9. There are: linux-x64,");
});
