import { expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");

test("a registry out of reach is told within seconds, not after npm's minute of waiting", () => {
  const folder = mkdtempSync(join(tmpdir(), "setup-"));
  mkdirSync(join(folder, "scripts"));
  for (const path of ["package.json", "bun.lock", "scripts/setup.mjs"]) {
    cpSync(join(root, path), join(folder, path));
  }
  const { exitCode, stdout, stderr } = Bun.spawnSync(["node", "scripts/setup.mjs"], {
    cwd: folder,
    env: {
      HOME: folder,
      PATH: process.env["PATH"] ?? "",
      npm_config_registry: "http://127.0.0.1:9",
      npm_config_cache: join(folder, "cache"),
    },
    stdin: "ignore",
    timeout: 40_000,
  });
  rmSync(folder, { recursive: true, force: true });
  expect(stdout.toString()).toMatch(/^Getting Bun [\d.]+ from the npm registry \(about 40 MB\) \.\.\.\n/);
  expect(stderr.toString()).toMatch(
    /ECONNREFUSED[\s\S]*\nSet-up failed: npm could not install Bun [\d.]+\. Is the npm registry within reach\? Then run the command again\.\n$/,
  );
  expect(exitCode).toBe(1);
}, 60_000);
