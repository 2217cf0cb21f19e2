import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findWayToUpgrade } from "../../../src/cli/upgrade/find-way-to-upgrade.ts";
import type { Place } from "../../../src/config/locate-folders.ts";

const project = "https://example.com/a/b";

const linux: Place = { platform: "linux", homeDir: "/home/me", env: {} };
const mac: Place = { platform: "darwin", homeDir: "/Users/me", env: {} };
const windows: Place = {
  platform: "win32",
  homeDir: "C:\\Users\\me",
  env: { LOCALAPPDATA: "C:\\Users\\me\\AppData\\Local" },
};
const image: Place = { platform: "linux", homeDir: "/var/lib/claude-proxy", env: {} };

const script = "curl -fsSL https://example.com/a/b/releases/latest/download/install.sh | sh";

test.each([
  [mac, "/opt/homebrew/Cellar/claude-proxy/0.1.0/bin/claude-proxy", "brew upgrade claude-proxy"],
  [
    linux,
    "/home/linuxbrew/.linuxbrew/Cellar/claude-proxy/0.1.0/bin/claude-proxy",
    "brew upgrade claude-proxy",
  ],
  [
    windows,
    "C:\\Users\\me\\scoop\\apps\\claude-proxy\\current\\claude-proxy.exe",
    "scoop update claude-proxy",
  ],
  [mac, "/Users/me/.local/bin/claude-proxy", script],
  [linux, "/home/me/.local/bin/claude-proxy", script],
  [
    windows,
    "C:\\Users\\me\\AppData\\Local\\Programs\\claude-proxy\\claude-proxy.exe",
    "irm https://example.com/a/b/releases/latest/download/install.ps1 | iex",
  ],
  [
    image,
    "/usr/local/bin/claude-proxy",
    "git pull && docker compose up --detach --build, in the clone that has the Dockerfile",
  ],
  [
    linux,
    "/home/me/tools/claude-proxy",
    "put the program from https://example.com/a/b/releases/latest in the place of ~/tools/claude-proxy",
  ],
])("%j %s: %s", (place, executablePath, way) => {
  expect(findWayToUpgrade({ executablePath, isBuilt: true, place }, project)).toBe(way);
});

test("a program that was built in a clone, and one that runs from its source", () => {
  const clone = mkdtempSync(join(tmpdir(), "clone-"));
  mkdirSync(join(clone, ".git"));
  const installed = { executablePath: join(clone, "dist", "claude-proxy"), place: linux };
  expect(findWayToUpgrade({ ...installed, isBuilt: true }, project)).toBe(
    `git pull && npm run build, in ${clone}`,
  );
  expect(findWayToUpgrade({ ...installed, isBuilt: false }, project)).toBe("git pull, in the clone");
  rmSync(clone, { recursive: true });
});
