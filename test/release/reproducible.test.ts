import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTarget, formatProgramName, releaseTargets } from "../../scripts/release/targets.ts";

/** Builds a program with nothing of this machine's zone or folder the same, and gives its sha256. */
function build(zone: string): string {
  const folder = mkdtempSync(join(tmpdir(), "reproducible-"));
  const outfile = join(folder, "claude-proxy");
  const words = [process.execPath, "--no-env-file", "scripts/build.ts", "--target", "bun-linux-arm64"];
  const { exitCode, stderr } = Bun.spawnSync([...words, "--outfile", outfile], {
    cwd: join(import.meta.dir, "../.."),
    env: { ...process.env, TZ: zone },
  });
  expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
  const digest = createHash("sha256").update(readFileSync(outfile)).digest("hex");
  rmSync(folder, { recursive: true });
  return digest;
}

test("two builds of one commit give the same program", () => {
  expect(build("America/Caracas")).toBe(build("Asia/Kathmandu"));
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
