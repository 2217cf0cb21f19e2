import { deepStrictEqual, match } from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { locateArchive, releaseFolder, version } from "./locate-release.ts";

/** Serves the files of a folder on a free loopback port. */
function serveFolder(folder: string): Bun.Server<undefined> {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const file = Bun.file(join(folder, basename(new URL(request.url).pathname)));
      return (await file.exists()) ? new Response(file) : new Response("not found", { status: 404 });
    },
  });
}

async function install(
  home: string,
  url: string,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  mkdirSync(home);
  const child = Bun.spawn(["sh", join(releaseFolder, "install.sh")], {
    env: { PATH: "/usr/bin:/bin", HOME: home, CLAUDE_PROXY_DOWNLOAD_URL: url },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exitCode: await child.exited, stdout, stderr };
}

/** Runs install.sh for real: with the release's archive, and with one that is another than the checksum says. */
export async function checkInstaller(folder: string): Promise<string> {
  const archive = locateArchive("linux-x64");
  const good = serveFolder(releaseFolder);
  const home = join(folder, "home");
  const installed = await install(home, good.url.origin);
  await good.stop(true);
  deepStrictEqual([installed.exitCode, installed.stderr], [0, ""]);
  const program = join(home, ".local/bin/claude-proxy");
  match(installed.stdout, new RegExp(`^claude-proxy ${version} .* is installed: ${program}\n`));
  deepStrictEqual(Bun.spawnSync([program, "--version"]).stdout.toString().startsWith(version), true);

  const wrongFolder = join(folder, "wrong");
  mkdirSync(wrongFolder);
  copyFileSync(join(releaseFolder, "checksums.txt"), join(wrongFolder, "checksums.txt"));
  writeFileSync(join(wrongFolder, basename(archive)), readFileSync(archive).subarray(0, -1));
  const bad = serveFolder(wrongFolder);
  const otherHome = join(folder, "other-home");
  const refused = await install(otherHome, bad.url.origin);
  await bad.stop(true);
  deepStrictEqual(refused.exitCode, 1);
  match(refused.stderr, /is not what was released, so it is not installed/);
  deepStrictEqual(existsSync(join(otherHome, ".local")), false);
  return "installs the archive; refuses one that is another than its checksum says";
}
