import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { locateProgram } from "../../../src/cli/service/locate-program.ts";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "locate-program-")));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function createProgram(...words: string[]): string {
  const path = join(folder, ...words);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  chmodSync(path, 0o755);
  return path;
}

function locate(executablePath: string, pathFolder: string): string {
  return locateProgram(executablePath, { platform: "linux", homeDir: folder, env: { PATH: pathFolder } });
}

test("Homebrew's link is taken, which leads to the newest version", () => {
  const program = createProgram("Cellar", "claude-proxy", "1.0.0", "bin", "claude-proxy");
  const link = join(folder, "bin", "claude-proxy");
  mkdirSync(dirname(link));
  symlinkSync(program, link);
  expect(locate(program, dirname(link))).toBe(link);
});

test("Scoop's folder `current` is taken", () => {
  const program = createProgram("apps", "claude-proxy", "1.0.0", "claude-proxy.exe");
  const current = join(folder, "apps", "claude-proxy", "current");
  symlinkSync(dirname(program), current);
  expect(locate(program, "")).toBe(join(current, "claude-proxy.exe"));
});

test("another program of that name on the PATH is not taken", () => {
  const program = createProgram("mine", "claude-proxy");
  createProgram("other", "claude-proxy");
  expect(locate(program, join(folder, "other"))).toBe(program);
});
