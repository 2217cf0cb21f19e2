// Tries out a release on this machine: `bun run smoke:release [-- stage …]`. Everything that Linux on x64 can run is
// run; what it cannot is looked at, and listed as such. It installs Debian packages that are missing.
import { deepStrictEqual } from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkContainer } from "./smoke/check-container.ts";
import { checkFormula, checkInstaller, checkManifest } from "./smoke/check-packages.ts";
import { checkService } from "./smoke/check-service.ts";
import { checkStatically } from "./smoke/check-statically.ts";
import { countExpectedTokens, exerciseProxy } from "./smoke/exercise-proxy.ts";
import { locateProgram, releaseFolder } from "./smoke/locate-release.ts";
import type { Way } from "./smoke/way.ts";
import { runDirectly, runInMuslRoot, runUnderQemu, runUnderWine } from "./smoke/ways-to-run.ts";

/** Gives what was seen, in words; throws when something is wrong. */
type Stage = (folder: string) => Promise<string>;

async function exercise(way: Way, folder: string): Promise<string> {
  return await exerciseProxy(way, folder, await countExpectedTokens());
}

/** @param env another place on earth, for the release that has to be the same there */
async function buildRelease(out: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const words = [process.execPath, "--no-env-file", "scripts/release/release.ts", "--allow-changes"];
  const release = Bun.spawn([...words, "--out", out], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  if ((await release.exited) !== 0) {
    throw new Error("The release cannot be built");
  }
  return `built into ${out}`;
}

/** Builds the whole release a second time, in another time zone, and compares the checksums. */
async function checkReproducible(folder: string): Promise<string> {
  await buildRelease(folder, { TZ: "Asia/Kolkata" });
  const [first = "", second] = [releaseFolder, folder].map((out) =>
    readFileSync(join(out, "checksums.txt"), "utf8"),
  );
  deepStrictEqual(second, first);
  return `a second release has the same ${first.trimEnd().split("\n").length} checksums`;
}

const stages: Readonly<Record<string, Stage>> = {
  build: () => buildRelease(releaseFolder),
  static: checkStatically,
  "linux-x64": (folder) => exercise(runDirectly(locateProgram("linux-x64")), folder),
  "linux-x64-musl": async (folder) =>
    await exercise(await runInMuslRoot(locateProgram("linux-x64-musl"), folder), folder),
  "linux-arm64": async (folder) => await exercise(await runUnderQemu(locateProgram("linux-arm64")), folder),
  "windows-x64": async (folder) =>
    await exercise(await runUnderWine(locateProgram("windows-x64"), folder), folder),
  installer: checkInstaller,
  formula: checkFormula,
  manifest: checkManifest,
  service: checkService,
  container: checkContainer,
  reproducible: checkReproducible,
};

async function runStage(name: string): Promise<boolean> {
  const stage = stages[name];
  if (stage === undefined) {
    throw new Error(`There is no stage ${name}. There are: ${Object.keys(stages).join(", ")}`);
  }
  const parent = mkdtempSync(join(tmpdir(), "claude-proxy-smoke-"));
  const folder = join(parent, "work");
  mkdirSync(folder);
  const startedAtMs = performance.now();
  const report = (result: string, text: string) => {
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    console.log(`${result}  ${name.padEnd(15)} ${seconds.padStart(6)} s  ${text}`);
  };
  try {
    report("ok    ", await stage(folder));
    return true;
  } catch (error) {
    report("FAILED", error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** A quarter of the time is that of the second release, which needs nothing of the others but the first one. */
async function runAll(): Promise<boolean[]> {
  const { reproducible: _, ...others } = stages;
  const results: boolean[] = [];
  let second: Promise<boolean> = Promise.resolve(true);
  for (const name of Object.keys(others)) {
    const isGood = await runStage(name);
    if (name === "build" && isGood) second = runStage("reproducible");
    results.push(isGood);
  }
  return [...results, await second];
}

async function runNamed(names: readonly string[]): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const name of names) results.push(await runStage(name));
  return results;
}

const named = process.argv.slice(2);
const results = named.length === 0 ? await runAll() : await runNamed(named);
process.exit(results.every(Boolean) ? 0 : 1);
